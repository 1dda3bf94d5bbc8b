using System.Collections.Immutable;

namespace Ptnetmap.Ports.Switching;

/// <summary>Which VLANs (IEEE 802.1Q) a switch's port is in, and which of them its frames without a tag are of. Never
/// changed: a port has one for its life, so passes read it without a lock.</summary>
public sealed class PortVlans
{
    /// <summary>The VLAN of frames without a tag where nothing is said, and of all frames on a switch that has no
    /// VLANs.</summary>
    public const int UsualVlan = 1;

    private readonly ulong[] _members = new ulong[(Ethernet.VlanIdMask + 1) / 64];

    private PortVlans(bool isTrunk, IEnumerable<VlanRange> tagged, int untagged)
    {
        IsTrunk = isTrunk;
        Untagged = untagged;
        Tagged = [.. tagged];
        foreach (int vlan in Tagged.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1)))
        {
            Join(vlan);
        }

        if (untagged != 0)
        {
            Join(untagged);
        }
    }

    /// <summary>What a port has of which nothing is said: it is a trunk of all VLANs, and its frames without a tag are
    /// of VLAN 1. Among such ports everything passes as on a switch without VLANs.</summary>
    public static PortVlans Everything { get; } = new(isTrunk: true, [new VlanRange(1, VlanRange.MaxVlan)], UsualVlan);

    /// <summary>True for a trunk: its frames have tags, but for those of <see cref="Untagged"/>. False for an access
    /// port, whose frames have none.</summary>
    public bool IsTrunk { get; }

    /// <summary>The VLAN of its frames without a tag: an access port's only VLAN, a trunk's native one; 0: a trunk has
    /// none.</summary>
    public int Untagged { get; }

    /// <summary>A trunk's VLANs as they were named.</summary>
    public ImmutableArray<VlanRange> Tagged { get; }

    /// <summary>An access port: it is in one VLAN, and knows of no tags.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such VLAN.</exception>
    public static PortVlans Access(int vlan) => new(isTrunk: false, [], vlan);

    /// <summary>A trunk.</summary>
    /// <param name="tagged">Its VLANs.</param>
    /// <param name="native">The VLAN of its frames without a tag, which joins the others; 0: it has no such
    /// frames.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such VLAN.</exception>
    public static PortVlans Trunk(IEnumerable<VlanRange> tagged, int native = 0) => new(isTrunk: true, tagged, native);

    /// <summary>True when the port may send and receive in <paramref name="vlan"/>.</summary>
    public bool Has(int vlan) => ((_members[(vlan & Ethernet.VlanIdMask) >> 6] >> (vlan & 63)) & 1) != 0;

    /// <summary>True when frames of <paramref name="vlan"/> leave here with a tag.</summary>
    public bool IsTagged(int vlan) => vlan != Untagged;

    private void Join(int vlan)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(vlan, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(vlan, VlanRange.MaxVlan);
        _members[vlan >> 6] |= 1UL << (vlan & 63);
    }
}
