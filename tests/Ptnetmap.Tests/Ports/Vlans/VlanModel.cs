using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>What a switch with VLANs does, said as simply as can be, one packet after the other.</summary>
internal sealed class VlanModel(VlanModelPort[] ports)
{
    private readonly Dictionary<(int Vlan, int Station), VlanModelPort> _learned = [];

    /// <summary>Sends what one sync of a port hands over.</summary>
    public void Send(VlanModelPort sender, IReadOnlyList<VlanPacket> packets)
    {
        Array.ForEach(ports, port => port.IsFull = false);
        foreach (VlanPacket packet in packets)
        {
            byte[] frame = packet.Frame(sender.HeaderLength);
            VlanModelPort[] receivers = [];
            int vlan = 0;
            DropReason? refusal = Refusal(packet, sender, frame);
            if (refusal is null)
            {
                vlan = sender.VlanOf(frame, out DropReason reason);
                refusal = vlan == 0 ? reason : null;
                receivers = vlan == 0 ? [] : Receivers(sender, packet, vlan);
            }

            refusal ??= receivers.Length == 0 ? DropReason.NoDestination : null;
            if (refusal is { } why)
            {
                sender.Drops[(int)why]++;
                continue;
            }

            sender.Sent++;
            foreach (VlanModelPort receiver in receivers)
            {
                if (receiver.Receive(packet, frame, vlan, sender.HeaderLength) is { } because)
                {
                    sender.Drops[(int)because]++;
                }
            }
        }
    }

    private static DropReason? Refusal(VlanPacket packet, VlanModelPort sender, byte[] frame)
    {
        int first = packet.Slots[0] - sender.HeaderLength;
        return packet.Slots.Length > 64 ? DropReason.TooManyFragments
            : first < 14 ? sender.HeaderLength != 0 && frame.Length >= 14 ? DropReason.BadOffload : DropReason.Runt
            : first < 18 && frame[12] == 0x81 && frame[13] == 0 ? DropReason.Runt
            : null;
    }

    private VlanModelPort[] Receivers(VlanModelPort sender, VlanPacket packet, int vlan)
    {
        if (packet.Learn)
        {
            _learned[(vlan, packet.From)] = sender;
        }

        VlanModelPort[] others = [.. ports.Where(port => port != sender && port.Has(vlan))];
        if (packet.ForcedPort != 0)
        {
            return [.. others.Where(port => port == ports.ElementAtOrDefault(packet.ForcedPort - 1))];
        }

        return packet.To != Frame.Everyone && _learned.TryGetValue((vlan, packet.To), out VlanModelPort? known)
            ? [.. others.Where(port => port == known)]
            : others;
    }
}
