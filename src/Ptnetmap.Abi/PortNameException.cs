namespace Ptnetmap.Abi;

/// <summary>A port name that breaks netmap's grammar. The message shows the name, points at the character and says what
/// was expected there.</summary>
public sealed class PortNameException : FormatException
{
    private const int MostShown = 80;

    /// <summary>Makes one for <paramref name="name"/>, which goes wrong at <paramref name="position"/>.</summary>
    public PortNameException(string name, int position, string reason) : base(Describe(name, position, reason)) =>
        Position = position;

    /// <summary>The character that is wrong, from 0; the name's length when it ends too early.</summary>
    public int Position { get; }

    // The name may be anything. What does not print as one column would move the caret, and a terminal might obey it.
    private static string Describe(string name, int position, string reason)
    {
        string shown = string.Concat(name.Take(MostShown).Select(c => c is >= ' ' and <= '~' ? c : '?'));
        return "bad port name: " +
            $"{reason}\n  {shown}{(name.Length > MostShown ? "..." : "")}\n  {new string(' ', position)}^";
    }
}
