using Ptnetmap.Linux;

namespace Ptnetmap.Ports.Switching;

/// <summary>Neighbouring VLANs: <c>100-199</c>, or <c>10</c> alone.</summary>
/// <param name="First">The first.</param>
/// <param name="Last">The last.</param>
public readonly record struct VlanRange(int First, int Last)
{
    /// <summary>VLANs are numbered 1 to this; 0 and 4095 are no VLANs.</summary>
    public const int MaxVlan = 4094;

    /// <summary>Reads <c>10</c> or <c>100-199</c>.</summary>
    /// <returns>False when it is neither, or names what is no VLAN.</returns>
    public static bool TryParse(string text, out VlanRange range)
    {
        string[] ends = text.Split('-');
        bool read = TryRead(ends[0], out int first);
        int last = first;
        read &= ends.Length == 1 || (ends.Length == 2 && TryRead(ends[1], out last));
        range = new VlanRange(first, last);
        return read && first <= last;
    }

    /// <summary>What is wrong with a text; null when it names VLANs.</summary>
    public static string? FaultOf(string text) => TryParse(text, out _)
        ? null
        : $"'{Printable.Name(text)}' names no VLANs; expected numbers from 1 to {MaxVlan}, or ranges as 100-199";

    /// <inheritdoc/>
    public override string ToString() => First == Last ? $"{First}" : $"{First}-{Last}";

    // No sign, no space, no zero before: one way to write each.
    private static bool TryRead(string text, out int vlan) =>
        int.TryParse(text, out vlan) && vlan is >= 1 and <= MaxVlan && text.Length == $"{vlan}".Length;
}
