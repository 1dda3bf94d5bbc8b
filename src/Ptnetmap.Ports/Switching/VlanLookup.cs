using System.Runtime.CompilerServices;

namespace Ptnetmap.Ports.Switching;

/// <summary>A learning bridge that keeps VLANs apart: a frame reaches only ports of its VLAN, and addresses are learned for
/// each VLAN on its own. The VLAN is that of the frame's 802.1Q tag, or the sending port's when it has none (or only a
/// priority). Frames pass as they are: no tag is put in or taken out, so ports that exchange frames agree on tagging.</summary>
/// <param name="Table">Where addresses are remembered; the key is VLAN and address.</param>
/// <param name="Membership">Which port is in which VLAN.</param>
public readonly record struct VlanLookup(ForwardingTable Table, VlanMembership Membership) : IForwardingLookup
{
    private const int VlanShift = 48;

    /// <inheritdoc/>
    public void BeginPass() => Table.Tick();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ForwardingDecision Decide(EthernetHead head, int sourcePort, bool learn)
    {
        int vlan = head.VlanId;
        vlan = vlan == 0 ? Membership.AccessVlan(sourcePort) : vlan;
        if (!Membership.IsMember(sourcePort, vlan))
        {
            return ForwardingDecision.Discard;
        }

        ulong prefix = (ulong)(uint)vlan << VlanShift;
        if (learn && !head.HasGroupSource)
        {
            Table.Learn(prefix | head.Source.Value, sourcePort);
        }

        int port = head.IsGroup ? 0 : Table.Find(prefix | head.Destination.Value);
        return ForwardingDecision.To(port, vlan);
    }

    /// <inheritdoc/>
    public bool Admits(ForwardingDecision decision, int port) => Membership.IsMember(port, decision.Scope);

    /// <inheritdoc/>
    public void LimitAddresses(int port, int most) => Table.LimitPort(port, most);

    /// <inheritdoc/>
    public void PortLeft(int port) => Table.RemovePort(port);
}
