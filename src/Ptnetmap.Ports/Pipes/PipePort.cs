using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Pipes;

/// <summary>One end of a pipe. Sending swaps the slot's buffer with one of the other end's receive slots: no byte of
/// the packet is touched, and nothing is ever dropped for want of space. While the other end has no space, or no guest,
/// the sender's ring stands still.</summary>
public sealed class PipePort : Port
{
    private readonly bool[] _delivered;
    private PipePort? _peer;

    private PipePort(string name, MemoryRegion region, PortShape shape, Quiescence quiescence)
        : base(name, region, shape, quiescence) => _delivered = new bool[shape.TxRings];

    /// <inheritdoc/>
    public override bool HasBackPressure => true;

    /// <summary>Makes both ends, <c>NAME{ID</c> and <c>NAME}ID</c>, in the regions given; they have to be
    /// one.</summary>
    /// <exception cref="PipeException">The ends would lie in different regions.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public static (PipePort Master, PipePort Slave) Create(
        string name, int id, MemoryRegion masterRegion, MemoryRegion slaveRegion, PortShape shape,
        Quiescence quiescence)
    {
        if (masterRegion.Layout.Id != slaveRegion.Layout.Id || masterRegion != slaveRegion)
        {
            throw new PipeException(
                $"pipe {name}{{{id}: its ends lie in regions {masterRegion.Name} (id {masterRegion.Layout.Id}) and " +
                $"{slaveRegion.Name} (id " +
                $"{slaveRegion.Layout.Id}); a pipe swaps buffers and needs one region for both. " +
                "Put both guests in one trust domain, or connect them by a VALE switch, which copies");
        }

        var master = new PipePort($"{name}{{{id}", masterRegion, shape, quiescence);
        PipePort slave;
        try
        {
            slave = new PipePort($"{name}}}{id}", slaveRegion, shape, quiescence);
        }
        catch
        {
            master.Dispose();
            throw;
        }

        Volatile.Write(ref master._peer, slave);
        Volatile.Write(ref slave._peer, master);
        return (master, slave);
    }

    /// <inheritdoc/>
    /// <remarks>Those of both ends: they change places.</remarks>
    public override void Populate()
    {
        base.Populate();
        Volatile.Read(ref _peer)?.Memory.Populate();
    }

    /// <inheritdoc/>
    public override SyncStatus TxSync(Kring tx, uint budget)
    {
        Kring? rx = Receiver(tx);
        if (rx is null)
        {
            return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.Blocked;
        }

        uint pending = tx.Pending;
        uint moved = 0;
        rx.Lock.Enter();
        try
        {
            RingClient? client = rx.Client;
            if (client is not null)
            {
                client.Fetch(rx);
                uint wanted = Math.Min(pending, budget);
                moved = SlotSwap.Move(tx, rx, wanted, out bool complete);
                if (complete)
                {
                    client.Publish(rx);
                    _delivered[tx.Index] = true;
                }
            }
        }
        finally
        {
            rx.Lock.Exit();
        }

        return moved == pending ? SyncStatus.Dry : moved == budget ? SyncStatus.More : SyncStatus.Blocked;
    }

    /// <inheritdoc/>
    public override void NotifyReceivers(Kring tx)
    {
        if (!_delivered[tx.Index])
        {
            return;
        }

        _delivered[tx.Index] = false;
        if (Receiver(tx) is { Client: { } client } rx)
        {
            client.Notify(rx);
        }
    }

    /// <inheritdoc/>
    public override Kring? StopperOf(Kring tx) => Receiver(tx);

    /// <inheritdoc/>
    public override bool TryAskForSpace(Kring tx)
    {
        if (Receiver(tx) is not { Client: { } client } rx)
        {
            return true;
        }

        if (!client.TryAskForSpace(rx))
        {
            return false;
        }

        // Another sending ring may have fetched the receiver's head since we found no space.
        rx.Lock.Enter();
        try
        {
            client.Fetch(rx);
            return rx.Free == 0;
        }
        finally
        {
            rx.Lock.Exit();
        }
    }

    /// <inheritdoc/>
    public override void PullFeeders(Kring rx)
    {
        PipePort? peer = Volatile.Read(ref _peer);
        if (peer is null)
        {
            return;
        }

        for (int i = rx.Index; i < peer.TxRings.Length; i += RxRings.Length)
        {
            peer.TxRings[i].Client?.RunPass();
        }
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        PipePort? peer = Interlocked.Exchange(ref _peer, null);
        if (peer is not null)
        {
            Volatile.Write(ref peer._peer, null);
        }
    }

    private Kring? Receiver(Kring tx)
    {
        PipePort? peer = Volatile.Read(ref _peer);
        return peer?.RxRings[tx.Index % peer.RxRings.Length];
    }
}
