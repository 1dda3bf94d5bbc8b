using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>True or false. Where it is true when nothing is said, its option says no: <c>--no-offloads</c>.</summary>
public sealed class FlagSetting<T>(string name, string help, Func<T, bool> get, Action<T, bool> set)
    : ValueSetting<T, bool>(name, help, get, set)
    where T : new()
{
    /// <summary>What the option that says no does, where there is one.</summary>
    public string HelpOfNo { get; init; } = "";

    /// <inheritdoc/>
    public override string OptionName => Usual ? $"--no-{Option}" : base.OptionName;

    /// <inheritdoc/>
    internal override JsonObject Schema => JsonSchema.Of("boolean", ("default", Usual));

    /// <inheritdoc/>
    private protected override bool TryRead(Section section, ConfigValue found, out bool value)
    {
        value = found.Data is true;
        return found.Data is bool || Refuse(section, found, "true or false");
    }
}
