using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary>What an interface can be called: the kernel's own rule (<c>dev_valid_name()</c>). A <c>%</c> is none of it:
/// the kernel takes <c>ha%d</c> for a wish, and makes <c>ha0</c>.</summary>
public static class InterfaceName
{
    /// <summary>Most bytes of a name (<c>IFNAMSIZ</c> less the 0 at its end).</summary>
    public const int MaxBytes = 15;

    /// <summary>What is wrong with a name; null when an interface can have it.</summary>
    public static string? FaultOf(string name) =>
        IsValid(name)
            ? null
            : $"'{Printable.Name(name)}' is no interface's name: 1 to " +
                $"{MaxBytes} ASCII characters without a slash, a colon, a percent sign or a blank, and not '.' or '..'";

    /// <summary>The name.</summary>
    /// <exception cref="LinuxException">It is none.</exception>
    internal static string Check(string name) => FaultOf(name) is { } fault ? throw new LinuxException(fault) : name;

    /// <summary>The same, where the kernel may put a number in the place of <c>%d</c>.</summary>
    /// <exception cref="LinuxException">It is none.</exception>
    internal static string CheckTemplate(string name) =>
        IsValid(name.Replace("%d", "0", StringComparison.Ordinal)) && name.Length <= MaxBytes ? name : Check(name);

    private static bool IsValid(string name) =>
        name is not ("" or "." or "..")
        && name.Length <= MaxBytes
        && Ascii.IsValid(name)
        && !name.Any(c => c is '/' or ':' or '%' || char.IsWhiteSpace(c) || char.IsControl(c));
}
