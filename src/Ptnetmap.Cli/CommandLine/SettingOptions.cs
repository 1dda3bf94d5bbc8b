using System.CommandLine;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>The options by which a command takes settings of the daemon's: names, help, limits and words are those of
/// the settings' table.</summary>
/// <typeparam name="T">What holds the settings.</typeparam>
internal sealed class SettingOptions<T>
    where T : new()
{
    private readonly (string Setting, Option Option, Action<ParseResult, T> Read)[] _all;

    /// <summary>Makes options of a table's settings, but for those that have to be given, which are
    /// arguments.</summary>
    /// <param name="table">The table.</param>
    /// <param name="key">The setting without which there is nothing to set, and which so has no usual value here; null:
    /// there is none.</param>
    /// <param name="except">Settings that have no option here.</param>
    internal SettingOptions(SettingTable<T> table, string? key = null, params string[] except) => _all =
    [
        .. table.All
            .Where(setting => setting is not { IsRequired: true } and not { Option: "" }
                && !except.Contains(setting.Name, StringComparer.Ordinal))
            .Select(setting => Make(setting, string.Equals(setting.Name, key, StringComparison.Ordinal)))
            .OfType<(string, Option, Action<ParseResult, T>)>(),
    ];

    /// <summary>All of them.</summary>
    internal IEnumerable<Symbol> All => _all.Select(made => made.Option);

    /// <summary>The one that sets <paramref name="setting"/>.</summary>
    internal Option Of(string setting) =>
        _all.First(made => string.Equals(made.Setting, setting, StringComparison.Ordinal)).Option;

    /// <summary>The first that the command line has; null when it has none.</summary>
    internal Option? FirstGiven(ParseResult parsed) => _all.FirstOrDefault(made => IsGiven(parsed, made.Option)).Option;

    /// <summary>Settings as the command line says; null when it has none of them.</summary>
    internal T? ReadIfAny(ParseResult parsed) => FirstGiven(parsed) is null ? default : Read(parsed, new T());

    /// <summary>Sets what the command line says.</summary>
    internal T Read(ParseResult parsed, T settings)
    {
        foreach ((_, Option option, Action<ParseResult, T> read) in _all)
        {
            if (IsGiven(parsed, option))
            {
                read(parsed, settings);
            }
        }

        return settings;
    }

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static (string, Option, Action<ParseResult, T>)? Make(Setting<T> setting, bool isKey)
    {
        string name = setting.OptionName;
        switch (setting)
        {
            case WholeSetting<T> whole:
                Option<long> number = Choice.Whole(name, whole.Unit, whole.Help, whole.Limits.Low, whole.Limits.High,
                    whole.Usual);
                return (setting.Name, number, (parsed, settings) => whole.Set(settings, parsed.GetValue(number)));
            case WholesSetting<T> wholes:
                Option<int[]> numbers = Choice.Wholes(name, wholes.Unit, wholes.Help, wholes.Limits);
                return (setting.Name, numbers, (parsed, settings) => wholes.Set(settings, parsed.GetValue(numbers)!));
            case VlansSetting<T> vlans:
                Option<string[]> ranges = Choice.Vlans(name, vlans.Unit, vlans.Help, VlanRange.FaultOf);
                return (setting.Name, ranges, (parsed, settings) => vlans.Set(settings, parsed.GetValue(ranges)!));
            case TextSetting<T> { Words.Count: > 0 } word:
                Option<string> words = Choice.Word(name, word.Help, isKey ? null : word.Usual, [.. word.Words]);
                return (setting.Name, words, (parsed, settings) => word.Set(settings, parsed.GetValue(words)!));
            case TextSetting<T> text:
                var any = new Option<string>(name) { Description = text.Help, HelpName = text.Unit };
                return (setting.Name, any, (parsed, settings) => text.Set(settings, parsed.GetValue(any)!));
            case FlagSetting<T> flag:
                Option<bool> given = Choice.Flag(name, flag.Usual ? flag.HelpOfNo : flag.Help);
                return (setting.Name, given,
                    (parsed, settings) => flag.Set(settings, parsed.GetValue(given) != flag.Usual));
            default:
                // Settings within settings have options of their own.
                return null;
        }
    }
}
