using System.Runtime.CompilerServices;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A transmit ring's way through its switch: whose it is, what is being sent, and to whom. Made once for each
/// ring; it runs one pass after the other.</summary>
internal sealed class ValePass(SwitchPort source, Kring tx)
{
    /// <summary>Receivers that were shown something, or had no space, since they were last notified.</summary>
    public PortBits Delivered;

    /// <summary>The port that sends.</summary>
    public SwitchPort Source => source;

    public SlotBatch Batch { get; } = new(tx);

    /// <summary>The switch's ports, as this pass sees them.</summary>
    public PortSet Ports { get; private set; } = PortSet.Empty;

    public void Begin(PortSet ports)
    {
        Ports = ports;
        Batch.HeaderLength = (uint)source.VnetHeaderLength;
    }

    /// <summary>Delivers all that is queued; the queues are empty afterwards.</summary>
    /// <param name="hasVlans">Whether tags are put in and taken out: known when the caller is compiled.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Deliver(bool hasVlans)
    {
        while (Batch.TryTakeQueue(out int number, out DestinationQueue queue))
        {
            SwitchPort receiver = Ports[number]!;
            Kring rx = receiver.ReceiveRingFor(tx);
            uint headerLength = (uint)receiver.VnetHeaderLength;
            if (hasVlans
                ? VlanDelivery.Deliver(Batch, rx, in queue, headerLength, receiver.Vlans)
                : Delivery.Deliver(Batch, rx, in queue, headerLength))
            {
                Delivered.Add(number);
            }
        }
    }

    /// <summary>The pass was ended by an exception, wherever it was: what it has claimed of receivers' rings is given
    /// up, and nothing of it is left for the ring's next user. Called by the thread that ran it.</summary>
    public void GiveUp()
    {
        foreach (Kring rx in Ports.Members.SelectMany(port => port.RxRings))
        {
            ReceiveClaim.GiveUpAll(rx);
        }

        Batch.Clear();
        Delivered = default;
    }
}
