using System.Globalization;
using System.Text;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What a trust domain may be called. Its name stands in paths of URLs, in labels of metrics and on terminals,
/// where two names that look alike are to be one. (Names of ports, switches and interfaces are ASCII, by their
/// grammar.)</summary>
internal static class DomainNames
{
    private static readonly string Rule =
        "a trust domain has a name of 1 to " +
        $"{PortName.MaxLength} visible characters, with blanks between them: no control characters, " +
        "none that are invisible, set on others, or turn the direction of text";

    /// <summary>Why a name is none; null when it is one.</summary>
    internal static string? WhyNot(string name) => name switch
    {
        { Length: 0 or > PortName.MaxLength } => Rule,
        "." or ".." => $"'{name}' is a step in a path, and no name",
        _ when !name.EnumerateRunes().All(IsOfName) => $"'{Printable.Name(name)}': {Rule}",
        _ when name.Trim().Length != name.Length => $"'{name}': a name neither begins nor ends with a blank",
        _ => null,
    };

    // What is set on another character has several spellings that look the same. Half a surrogate reads as the
    // replacement character, which is not visible by that rule.
    private static bool IsOfName(Rune rune) => Printable.IsVisible(rune)
        && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark
            or UnicodeCategory.EnclosingMark);
}
