using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Linux;

public class PrintableTests
{
    [Theory]
    [InlineData("plain 'text' \\ ~", "plain 'text' \\ ~")]
    [InlineData("\u00e4\u6f22\U0001F600", "\u00e4\u6f22\U0001F600")]
    [InlineData("\u001b[2J", "\\u001b[2J")]
    [InlineData("a\nb\r\tc\u007f\u0085", "a\\u000ab\\u000d\\u0009c\\u007f\\u0085")]
    [InlineData("\u202eab\u200b\u2066\ufeff", "\\u202eab\\u200b\\u2066\\ufeff")]
    [InlineData("\u2028\u2029\u00a0", "\\u2028\\u2029\\u00a0")]
    [InlineData("\U000E0041", "\\udb40\\udc41")]
    public void What_is_obeyed_or_invisible_is_spelled(string text, string printed) =>
        Assert.Equal(printed, Printable.Line(text));

    // Attributes cannot have them.
    [Fact]
    public void Halves_of_characters_are_spelled() =>
        Assert.Equal("\\ud83d \\udc00x", Printable.Line(new string(['\ud83d', ' ', '\udc00', 'x'])));

    [Fact]
    public void Lines_stay_where_they_are_wanted_and_long_names_are_cut()
    {
        Assert.Equal("a\nb\\u001b", Printable.Lines("a\nb\u001b"));
        Assert.Equal($"{new string('x', 80)}...", Printable.Name(new string('x', 81)));
        Assert.Equal($"{new string('x', 79)}...", Printable.Name(new string('x', 79) + "\U0001F600y"));
    }
}
