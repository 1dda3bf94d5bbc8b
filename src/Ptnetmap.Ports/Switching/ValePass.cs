using System.Runtime.CompilerServices;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A transmit ring's way through its switch: whose it is, what is being sent, and to whom. Made once for each
/// ring; it runs one pass after the other.</summary>
internal sealed class ValePass(SwitchPort source, Kring tx)
{
    private bool _hasVlans;

    /// <summary>Receivers that were shown something, or had no space, since they were last notified.</summary>
    public PortBits Delivered;

    /// <summary>The port that sends.</summary>
    public SwitchPort Source => source;

    public SlotBatch Batch { get; } = new(tx);

    /// <summary>Slots of the ring, from <c>hwcur</c> on, that are dealt with when what waits is; 0 when nothing
    /// does.</summary>
    public uint Held { get; private set; }

    /// <summary>The switch's ports, as this pass sees them.</summary>
    public PortSet Ports { get; private set; } = PortSet.Empty;

    public void Begin(PortSet ports, long patience)
    {
        Ports = ports;
        Batch.HeaderLength = (uint)source.VnetHeaderLength;
        Batch.Patience = patience;
    }

    /// <summary>Delivers all that is queued, but for what waits for space.</summary>
    /// <param name="hasVlans">Whether tags are put in and taken out: known when the caller is compiled.</param>
    /// <param name="sorted">The batch's slots that are dealt with when nothing waits.</param>
    /// <returns>False when something waits: the batch is <see cref="Held"/>.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryDeliver(bool hasVlans, int sorted)
    {
        while (Batch.TryTakeQueue(out int number, out DestinationQueue queue))
        {
            int slots = queue.Slots;
            SwitchPort receiver = Ports[number]!;
            Kring rx = receiver.ReceiveRingFor(tx);
            uint headerLength = (uint)receiver.VnetHeaderLength;
            if (hasVlans
                ? VlanDelivery.Deliver(Batch, rx, ref queue, headerLength, receiver.Vlans)
                : Delivery.Deliver(Batch, rx, ref queue, headerLength))
            {
                Delivered.Add(number);
            }

            if (queue.Packets != 0)
            {
                Batch.PutBack(number, in queue);
                receiver.Feeders[rx.Index].Wait(source.Number);
            }

            if (slots > sorted / 2)
            {
                receiver.Feeders[rx.Index].Note(source.Number);
            }
        }

        (Held, _hasVlans) = (Batch.IsWaiting ? (uint)sorted : 0, hasVlans);
        return Held == 0;
    }

    /// <summary>Goes on with the batch that is <see cref="Held"/>, with the ports that there are now.</summary>
    /// <returns>False when something waits still.</returns>
    public bool TryResume(PortSet ports)
    {
        PortSet before = Ports;
        Ports = ports;
        Batch.TakeUp();
        if (before != ports)
        {
            DropGone(before);
        }

        int held = (int)Held;
        if (!TryDeliver(_hasVlans, held))
        {
            return false;
        }

        tx.Complete((uint)held);
        return true;
    }

    /// <summary>Drops what waits, and is done with the batch.</summary>
    public void DropHeld()
    {
        PortBits waiting = Batch.Waiting;
        Batch.TakeUp();
        while (waiting.TryTake(out int number))
        {
            Batch.DropQueue(number, DropReason.NoSpace);
        }

        tx.Complete(Held);
        Held = 0;
    }

    /// <summary>Asks the receivers that have no space to say when they have.</summary>
    /// <returns>False when one has.</returns>
    public bool TryAskForSpace()
    {
        PortBits waiting = Batch.Waiting;
        while (waiting.TryTake(out int number))
        {
            // Who has no user any more is found so by the next pass, when the time is over.
            Kring rx = Ports[number]!.ReceiveRingFor(tx);
            if (rx.Client is { } client && !(client.TryAskForSpace(rx) && HasLess(rx, client, Batch.NeededOf(number))))
            {
                return false;
            }
        }

        return true;
    }

    // Another sending ring may have fetched the receiver's head since we found no space.
    private static bool HasLess(Kring rx, RingClient client, uint needed)
    {
        rx.Lock.Enter();
        try
        {
            client.Fetch(rx);
            return rx.Free < needed;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }

    private void DropGone(PortSet before)
    {
        foreach (SwitchPort port in before.Members)
        {
            if (Ports[port.Number] != port)
            {
                Batch.DropQueue(port.Number, DropReason.NoReceiver);
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
        Held = 0;
        Delivered = default;
    }
}
