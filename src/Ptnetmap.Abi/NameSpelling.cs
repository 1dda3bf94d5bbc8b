using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Ptnetmap.Abi;

/// <summary>Spells names in an alphabet that has fewer characters: names of ports as ids of QEMU, as files' names, as
/// names of a switch's ports. Two names never have one spelling: what the alphabet lacks is escaped, the escape itself
/// included, and what is then too long ends in a digest of the whole name.</summary>
public sealed class NameSpelling
{
    private const string Alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    // Behind an escape stand two hexadecimal digits, 'u' and four, the escape, or one of these: no two begin alike.
    private const char Master = 'm';
    private const char Slave = 's';
    private const string Stack = "host";
    private const char Shortened = 'z';

    private readonly SearchValues<char> _kept;
    private readonly char _escape;
    private readonly char _colon;
    private readonly int _digits;

    private NameSpelling(string kept, char escape, char colon, int digits)
    {
        _kept = SearchValues.Create(kept + Alphanumeric);
        _escape = escape;
        _colon = colon;
        _digits = digits;
    }

    /// <summary>What follows a letter in ids of QEMU (letters, digits, <c>-</c>, <c>.</c>, <c>_</c>): <c>vale0.web</c>,
    /// <c>p-m1</c>.</summary>
    public static NameSpelling QemuId { get; } = new("_", '-', '.', 12);

    /// <summary>Names of files, without a dot, which begins what files end in: <c>vale0=web</c>, <c>p+m1</c>.</summary>
    public static NameSpelling FileName { get; } = new("_-", '+', '=', 12);

    /// <summary>Names of a switch's ports (letters, digits, <c>_</c>): <c>web0</c>, <c>eth0_host</c>.</summary>
    public static NameSpelling SwitchPort { get; } = new("", '_', '\0', 8);

    /// <summary>The name of a switch's port that is made for another port: that one's, without what it begins
    /// with.</summary>
    /// <param name="port">The other port: <c>tap:web0</c>.</param>
    public static string MemberFor(string port)
    {
        string part = port[(port.IndexOf(':', StringComparison.Ordinal) + 1)..];
        string? file =
            part.Split(',').Select(Path.GetFileNameWithoutExtension).FirstOrDefault(name => name is not ("-" or ""));
        return SwitchPort.Of(part, PortName.MaxPartLength, file);
    }

    /// <summary>Spells a name.</summary>
    /// <param name="name">Any text.</param>
    /// <param name="longest">Most characters, at least 16 or what a digest takes.</param>
    /// <param name="hint">What a spelling that is too long begins with, in letters and digits; null: the name.</param>
    public string Of(string name, int longest, string? hint = null)
    {
        string whole = Escaped(name);
        if (whole.Length <= longest)
        {
            return whole;
        }

        string digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(whole)))[.._digits];
        string head = hint is null ? whole : string.Concat(hint.Where(char.IsAsciiLetterOrDigit));
        int room = Math.Max(0, longest - _digits - 2);
        return $"{(head.Length <= room ? head : head[..room])}{_escape}{Shortened}{digest}";
    }

    private string Escaped(string name)
    {
        var text = new StringBuilder(name.Length + 8);
        foreach (char c in name)
        {
            _ = c switch
            {
                _ when _kept.Contains(c) => text.Append(c),
                ':' when _colon != '\0' => text.Append(_colon),
                '{' => text.Append(_escape).Append(Master),
                '}' => text.Append(_escape).Append(Slave),
                '^' => text.Append(_escape).Append(Stack),
                _ when c == _escape => text.Append(_escape).Append(_escape),
                _ => AppendBytes(text, c),
            };
        }

        return text.ToString();
    }

    // Names are of ASCII; but whatever is asked for has a spelling, half a surrogate too.
    private StringBuilder AppendBytes(StringBuilder text, char c)
    {
        string format = c < 0x100 ? "x2" : "x4";
        return (c < 0x100 ? text.Append(_escape) : text.Append(_escape).Append('u'))
            .Append(((int)c).ToString(format, CultureInfo.InvariantCulture));
    }
}
