namespace Ptnetmap.Ports.Switching;

/// <summary>The VLAN that a frame was found to be of, and whether it came with a tag that said so (or only its
/// priority).</summary>
/// <param name="Value">Low 12 bits: the VLAN. Bit 12: there is a tag.</param>
internal readonly record struct FrameVlan(ushort Value)
{
    private const int TagBit = 1 << 12;

    /// <summary>Makes one.</summary>
    public static FrameVlan Of(int vlan, bool hasTag) => new((ushort)(vlan | (hasTag ? TagBit : 0)));

    /// <summary>The VLAN.</summary>
    public int Id => Value & Ethernet.VlanIdMask;

    /// <summary>True when the frame has a tag.</summary>
    public bool HasTag => (Value & TagBit) != 0;
}
