using System.Runtime.CompilerServices;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A learning bridge that keeps VLANs apart: a frame reaches only ports of its VLAN, and addresses are learned
/// for each VLAN on its own. The VLAN is that of the frame's 802.1Q tag, or the sending port's when it has none (or one
/// that has only a priority). A provider's tag (802.1ad) is none: what is behind it is the customer's.</summary>
/// <param name="Table">Where addresses are remembered; the key is VLAN and address.</param>
/// <param name="Source">The VLANs of the port that sends.</param>
internal readonly record struct VlanLookup(ForwardingTable Table, PortVlans Source) : IForwardingLookup<VlanLookup>
{
    private const int VlanShift = 48;

    public static bool HasVlans => true;

    /// <summary>The VLAN of a key of the table.</summary>
    public static int VlanOf(ulong key) => (int)(key >> VlanShift) + PortVlans.UsualVlan;

    public void BeginPass() => Table.Tick();

    public VlanLookup From(SwitchPort source) => this with { Source = source.Vlans };

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ForwardingDecision Decide(EthernetHead head, int sourcePort, bool learn)
    {
        int tag = head.VlanId;
        int vlan = tag == 0 ? Source.Untagged : tag;
        if (!Source.Has(vlan) || (tag != 0 && !Source.IsTrunk))
        {
            return ForwardingDecision.Discard(
                tag == 0 ? DropReason.Untagged : Source.IsTrunk ? DropReason.ForeignVlan : DropReason.Tagged);
        }

        // VLAN 1 is what everything is of on a switch that has no VLANs: addresses keep their key when it gets some.
        ulong prefix = (ulong)(uint)(vlan - PortVlans.UsualVlan) << VlanShift;
        if (learn && !head.HasGroupSource)
        {
            Table.Learn(prefix | head.Source.Value, sourcePort);
        }

        int port = head.IsGroup ? 0 : Table.Find(prefix | head.Destination.Value);
        return ForwardingDecision.To(port, FrameVlan.Of(vlan, head.EtherType == Ethernet.CustomerTag));
    }

    public bool Admits(ForwardingDecision decision, SwitchPort port) => port.Vlans.Has(decision.Vlan.Id);
}
