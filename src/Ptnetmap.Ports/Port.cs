using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports;

/// <summary>A netmap port: rings in a region, and what happens to a packet that is sent on it. It knows nothing of who
/// uses the rings; that is <see cref="RingClient"/>.</summary>
public abstract class Port : IDisposable
{
    private readonly Quiescence _quiescence;
    private int _vnetHeaderLength;
    private volatile bool _hasStuckPass;
    private bool _closed;

    /// <summary>Opens a port of <paramref name="shape"/> in <paramref name="region"/>.</summary>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    protected Port(string name, MemoryRegion region, PortShape shape, Quiescence quiescence)
    {
        Name = name;
        Region = region;
        _quiescence = quiescence;
        Memory = PortMemory.Open(region, name, shape);
        TxRings = MakeRings(RingDirection.Tx, Memory.TxRings);
        RxRings = MakeRings(RingDirection.Rx, Memory.RxRings);
    }

    /// <summary>Its name, by netmap's grammar.</summary>
    public string Name { get; }

    /// <summary>The region that its rings and buffers are in.</summary>
    public MemoryRegion Region { get; }

    /// <summary>Its part of the region.</summary>
    public PortMemory Memory { get; }

    /// <summary>Transmit rings.</summary>
    public Kring[] TxRings { get; }

    /// <summary>Receive rings.</summary>
    public Kring[] RxRings { get; }

    private IEnumerable<Kring> AllRings => TxRings.Concat(RxRings);

    /// <summary>True for a port that stops a sender while the receiver has no space, and so never drops.</summary>
    public abstract bool HasBackPressure { get; }

    /// <summary>True for a port that can do what a virtio-net header asks for.</summary>
    public virtual bool CanUseVnetHeader => false;

    /// <summary>Bytes of virtio-net header before each frame in the port's rings (<c>virt_hdr_len</c>): 0 or
    /// <see cref="VnetHeader.Length"/>.</summary>
    public int VnetHeaderLength => Volatile.Read(ref _vnetHeaderLength);

    /// <summary>Sends what the user of <paramref name="tx"/> handed over, at most <paramref name="budget"/> slots of
    /// it: copies or swaps it into the receivers' rings and publishes there. The receivers are woken by
    /// <see cref="NotifyReceivers"/>, once a pass.</summary>
    public abstract SyncStatus TxSync(Kring tx, uint budget);

    /// <summary>Wakes the receivers that got something since the last call, if they sleep.</summary>
    public abstract void NotifyReceivers(Kring tx);

    /// <summary>The receive ring that stops <paramref name="tx"/> when it is full. Null for ports that drop, or whose
    /// outlet is no ring of ours.</summary>
    public virtual Kring? StopperOf(Kring tx) => null;

    /// <summary>A pass of <paramref name="tx"/> was ended by an exception, and there is no other: gives back what it
    /// held of other ports' rings. Called by the thread that ran it, within the pass.</summary>
    public virtual void GiveUpPass(Kring tx)
    {
    }

    /// <summary>Asks the receiver that stopped <paramref name="tx"/> to say when it has space. False when it has some
    /// already. Only for ports with back-pressure, after <see cref="SyncStatus.Blocked"/>.</summary>
    public virtual bool TryAskForSpace(Kring tx) => false;

    /// <summary>A blocked transmit ring is looked at again after this time, nanoseconds, whatever else happens: what
    /// waits in it does not wait for ever. 0: it does.</summary>
    public virtual long WaitNanoseconds(Kring tx) => 0;

    /// <summary>The user of <paramref name="rx"/> gave slots back, or is about to sleep for want of packets: moves what
    /// waits for that, on the caller's thread.</summary>
    public virtual void PullFeeders(Kring rx)
    {
    }

    /// <summary>Where the packets of <paramref name="rx"/> come from, when that is outside (a NIC, a TAP interface) and
    /// not another port's pass; null otherwise. One for the life of the port.</summary>
    public virtual RxSource? SourceOf(Kring rx) => null;

    /// <summary>The user of <paramref name="tx"/> has nothing to send: gives back what has left by now, for ports that
    /// return slots later than they take them.</summary>
    /// <returns><see cref="SyncStatus.Blocked"/> when so much is still on its way that it is worth looking again after
    /// <see cref="RetryNanoseconds"/>.</returns>
    public virtual SyncStatus Reclaim(Kring tx) => SyncStatus.Dry;

    /// <summary>For ports whose outlet tells nobody when it has space again: a blocked transmit ring is looked at again
    /// after this time. 0 for ports that are told (<see cref="TryAskForSpace"/>).</summary>
    public virtual long RetryNanoseconds => 0;

    /// <summary>Mends what the last guest left in the slots, before the next is attached.</summary>
    public virtual void PrepareForGuest() => Memory.Repair();

    /// <summary>Has the pages there of all buffers that the next guest's packets may lie in; comes after
    /// <see cref="PrepareForGuest"/>.</summary>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for them; the message names it.</exception>
    /// <exception cref="Linux.LinuxException">The kernel has no memory for them.</exception>
    public virtual void Populate() => Memory.Populate();

    /// <summary>Empties the receive rings: what the last guest left unread is not the next one's, and a ring that is
    /// full from the start would never bring an interrupt. Nobody uses the rings.</summary>
    public void DiscardUnread()
    {
        foreach (Kring ring in RxRings)
        {
            ring.Discard(DropReason.Unread);
        }
    }

    /// <summary>Says whether frames have a virtio-net header before them, for the guest that comes next. What an
    /// earlier guest left in the rings is dropped when the length changes: it could not be told apart. On return no
    /// pass goes by the length before.</summary>
    /// <param name="length">0 or <see cref="VnetHeader.Length"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is neither, or the port cannot use the header.</exception>
    /// <exception cref="InvalidOperationException">A guest uses the port.</exception>
    public void SetVnetHeaderLength(int length)
    {
        if (length != 0 && (length != VnetHeader.Length || !CanUseVnetHeader))
        {
            throw new ArgumentOutOfRangeException(
                nameof(length), length,
                $"port {Name}: a virtio-net header has 0 " +
                $"bytes{(CanUseVnetHeader ? $" or {VnetHeader.Length}" : " here")}");
        }

        if (length == VnetHeaderLength)
        {
            return;
        }

        if (AllRings.Any(ring => ring.Client is not null))
        {
            throw new InvalidOperationException(
                $"port {Name}: the header's length is for a port without a guest; detach it first");
        }

        VnetHeaderChanging();
        Volatile.Write(ref _vnetHeaderLength, length);
        if (!_quiescence.Wait())
        {
            throw new InvalidOperationException(
                $"port {Name}: the header's length cannot change while a pass does not end; see the log");
        }

        foreach (Kring ring in AllRings)
        {
            ring.Discard(DropReason.BadOffload);
        }
    }

    /// <summary>True when a pass that uses the port did not end: what it may use is kept for as long as the process
    /// lives.</summary>
    public bool HasStuckPass => _hasStuckPass;

    /// <summary>A pass of the port's last guest does not end. The memory that it uses stays, mapped, for as long as the
    /// process lives.</summary>
    public void KeepForStuckPass()
    {
        _hasStuckPass = true;
        Region.KeepMapped();
    }

    /// <summary>Nobody gets the rings while a pass of the last guest may still use them.</summary>
    /// <exception cref="InvalidOperationException">One does.</exception>
    public void RefuseStuckPass()
    {
        if (_hasStuckPass)
        {
            throw new InvalidOperationException(
                $"port {Name}: a pass of its last guest does not end, so nobody else may use its rings; remove the " +
                "port and make it anew");
        }
    }

    /// <summary>Closes the port: it leaves its switch or pipe, and its memory goes back. The guest is detached before.
    /// When a pass that could have found the port does not end, the memory stays.</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        GC.SuppressFinalize(this);
        Leave();
        if (!_quiescence.Wait())
        {
            KeepForStuckPass();
        }

        if (!_hasStuckPass)
        {
            Memory.Dispose();
        }
    }

    /// <summary>The header's length is about to change, and what is in the rings to go.</summary>
    protected virtual void VnetHeaderChanging()
    {
    }

    /// <summary>Makes the port unreachable for other ports' passes.</summary>
    protected abstract void Leave();

    private Kring[] MakeRings(RingDirection direction, RingView[] views)
    {
        var rings = new Kring[views.Length];
        for (int i = 0; i < rings.Length; i++)
        {
            rings[i] = new Kring(Name, i, direction, views[i], Region.Buffers);
        }

        return rings;
    }
}
