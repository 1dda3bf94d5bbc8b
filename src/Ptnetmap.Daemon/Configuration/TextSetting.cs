using System.Text.Json.Nodes;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A text: any, one of some words, or one that a rule allows.</summary>
public sealed class TextSetting<T>(
    string name, string help, Func<T, string?> get, Action<T, string> set, string unit = "")
    : ValueSetting<T, string>(name, help, get, set, unit)
    where T : new()
{
    /// <summary>The words that it may be; empty: any text.</summary>
    public IReadOnlyList<string> Words { get; init; } = [];

    /// <summary>Says why a text is none that it may be; null when it is.</summary>
    internal Func<string, string?> Rule { get; init; } = _ => null;

    /// <inheritdoc/>
    internal override JsonObject Schema =>
        JsonSchema.Of("string", ("enum", JsonSchema.ListOf(Words)), ("default", IsRequired ? null : Usual));

    /// <inheritdoc/>
    private protected override bool TryRead(Section section, ConfigValue found, out string? value)
    {
        value = found.Data as string;
        return value is not null || Refuse(section, found, section.Door.Text);
    }

    /// <inheritdoc/>
    private protected override void ReadNothing(T settings)
    {
        if (Usual is not null)
        {
            Set(settings, "");
        }
    }

    /// <inheritdoc/>
    private protected override string? WhyNot(string value) => Words.Count > 0
        && !Words.Contains(value, StringComparer.Ordinal)
        ? $"'{Printable.Name(value)}' is none of {string.Join(", ", Words)}"
        : Rule(value);
}
