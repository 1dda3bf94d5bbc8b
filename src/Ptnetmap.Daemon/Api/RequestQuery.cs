using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Api;

/// <summary>Reads settings from a query.</summary>
internal static class RequestQuery
{
    /// <summary>The settings of <paramref name="settings"/> that a query has, as what they are to be, where they are
    /// that.</summary>
    internal static ConfigTable TableOf<T>(IQueryCollection query, SettingTable<T> settings)
        where T : new()
    {
        var table = new ConfigTable(0);
        foreach (Setting<T> setting in settings.All)
        {
            if (query.TryGetValue(setting.Name, out StringValues text))
            {
                table.Values.Add(setting.Name, new ConfigValue(0, DataOf(setting, text.ToString())));
            }
        }

        return table;
    }

    private static object DataOf<T>(Setting<T> setting, string text)
        where T : new() =>
        setting switch
        {
            WholeSetting<T>
                when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) =>
                (long)number,
            FlagSetting<T> when bool.TryParse(text, out bool truth) => truth,
            _ => text,
        };
}
