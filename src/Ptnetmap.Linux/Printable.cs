using System.Globalization;
using System.Text;

namespace Ptnetmap.Linux;

/// <summary>Text of others - names, files' contents, answers of other programs - as it may stand on a terminal and in a
/// log: nothing in it is obeyed, invisible, or turns the direction of what is around it. What would is spelled
/// <c>\u202e</c>, which is the same in JSON.</summary>
public static class Printable
{
    private const int MostShown = 80;

    /// <summary>One line: line ends are spelled out as well.</summary>
    public static string Line(string text) => Of(text, keepsLines: false);

    /// <summary>A name in a sentence: one line, and cut when it is longer than anybody reads.</summary>
    public static string Name(string name) => name.Length <= MostShown ? Line(name) : $"{Line(Cut(name))}...";

    /// <summary>Text with its line ends.</summary>
    public static string Lines(string text) => Of(text, keepsLines: true);

    /// <summary>True for what a reader sees as itself: no control and format characters, no blanks but the usual one,
    /// nothing that has no form of its own.</summary>
    public static bool IsVisible(Rune rune) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned => false,
        UnicodeCategory.SpaceSeparator => rune.Value == ' ',
        _ => !IsEmpty(rune.Value),
    };

    // Letters and symbols without a form: fillers of Hangul, the empty pattern of Braille, variation selectors, and the
    // like.
    private static bool IsEmpty(int rune) => rune
        is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or 0x2800 or 0x3164
            or (>= 0xFE00 and <= 0xFE0F)
        or 0xFFA0 or 0xFFFD or (>= 0xE0000 and <= 0xE0FFF);

    private static string Of(string text, bool keepsLines)
    {
        if (text.AsSpan().IndexOfAnyExceptInRange(' ', '~') < 0)
        {
            return text;
        }

        var printed = new StringBuilder(text.Length + 16);
        for (int i = 0; i < text.Length;)
        {
            bool isWhole = Rune.TryGetRuneAt(text, i, out Rune rune);
            int length = isWhole ? rune.Utf16SequenceLength : 1;
            if ((isWhole && IsVisible(rune)) || (keepsLines && text[i] == '\n'))
            {
                _ = printed.Append(text, i, length);
            }
            else
            {
                AppendSpelled(printed, text.AsSpan(i, length));
            }

            i += length;
        }

        return printed.ToString();
    }

    private static void AppendSpelled(StringBuilder printed, ReadOnlySpan<char> units)
    {
        foreach (char unit in units)
        {
            _ = printed.Append(CultureInfo.InvariantCulture, $"\\u{(int)unit:x4}");
        }
    }

    private static string Cut(string name) =>
        name[..(char.IsHighSurrogate(name[MostShown - 1]) ? MostShown - 1 : MostShown)];
}
