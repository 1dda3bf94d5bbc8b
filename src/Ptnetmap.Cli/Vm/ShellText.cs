using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Vm;

/// <summary>Arguments as a shell reads them.</summary>
internal static class ShellText
{
    private const string Plain = "-_./=,:+@%";

    /// <summary>In single quotes where the shell would take a character for its own.</summary>
    internal static string Quote(string argument) =>
        argument.Length > 0
            && argument.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? argument
            : $"'{argument.Replace("'", """'"'"'""", StringComparison.Ordinal)}'";

    /// <summary>True when the shell leaves the argument as it is where it comes out of <c>$(...)</c>: it is split at
    /// blanks, and patterns are expanded, but quotes stay quotes. What does not print would be spelled in another way,
    /// too.</summary>
    internal static bool SurvivesSubstitution(string argument) =>
        argument.Length > 0 && !argument.Any(c => char.IsWhiteSpace(c) || c is '*' or '?' or '[' or '\\')
        && string.Equals(Printable.Line(argument), argument, StringComparison.Ordinal);
}
