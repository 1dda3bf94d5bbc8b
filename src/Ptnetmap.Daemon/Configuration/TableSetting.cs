using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Settings within settings: <c>[port.host]</c>.</summary>
/// <typeparam name="T">The object's settings.</typeparam>
/// <typeparam name="TInner">Those within.</typeparam>
public sealed class TableSetting<T, TInner>(
    string name, string help, SettingTable<TInner> inner, Func<T, TInner?> get, Action<T, TInner> set)
    : ValueSetting<T, TInner>(name, help, get, set)
    where T : new()
    where TInner : class, new()
{
    /// <inheritdoc/>
    internal override JsonObject Schema => JsonSchema.Reference(inner.Name);

    /// <inheritdoc/>
    internal override IEnumerable<Fault> Check(T settings) =>
        Get(settings) is { } within ? inner.Check(within).Select(fault => fault with { Key = $"{Name}.{fault.Key}" })
            : [];

    /// <inheritdoc/>
    private protected override bool TryRead(Section section, ConfigValue found, out TInner? value)
    {
        value = found.Data is ConfigTable table ? section.Inner(Name, table).Read(inner) : null;
        return value is not null || Refuse(section, found, section.Door.Table);
    }
}
