using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>A port whose rings are queues of a NIC: ring pair <c>i</c> is one AF_XDP socket, and the region's buffers
/// are its UMEM, so that a frame lies where the wire put it until the guest has read it, and where the guest wrote it
/// until the wire has taken it.</summary>
public sealed class NicPort : InterfacePort
{
    private const long MicrosecondsBetweenLooks = 50;

    private readonly NicRxQueue[] _rx;
    private readonly NicTxQueue[] _tx;
    private readonly Quiescence _passes;
    private readonly Lock _control = new();
    private IReadOnlyList<IXdpQueue> _queues = [];

    private NicPort(string name, MemoryRegion region, PortShape shape, Quiescence quiescence, XdpUmem umem,
        NicRxQueue[] rx)
        : base(name, region, shape, quiescence)
    {
        _passes = quiescence;
        Umem = umem;
        _rx = rx;
        _tx = [.. TxRings.Select(ring => new NicTxQueue(Umem, ring.SlotCount))];
    }

    /// <summary>The region's buffers, as the kernel is to see them.</summary>
    public XdpUmem Umem { get; }

    /// <summary>True while it is connected to a device.</summary>
    public bool IsConnected => _queues.Count != 0;

    /// <summary>The device's queues, one a ring pair; empty while it is not connected.</summary>
    public IReadOnlyList<IXdpQueue> Queues => _queues;

    /// <inheritdoc/>
    public override bool HasBackPressure => true;

    /// <inheritdoc/>
    public override long RetryNanoseconds => MicrosecondsBetweenLooks * 1000;

    /// <summary>Bytes copied between NIC and guest by us, both ways.</summary>
    public long CopiedBytes => _rx.Sum(queue => queue.CopiedBytes);

    /// <summary>Received frames whose checksum a sender's kernel had left undone, and that was completed
    /// here.</summary>
    public long CompletedChecksums => _rx.Sum(queue => queue.Checksums.Completed);

    /// <summary>Received frames with a wrong checksum, where checksums are looked at.</summary>
    public long WrongChecksums => _rx.Sum(queue => queue.Checksums.Wrong);

    /// <summary>System calls made to have the kernel send.</summary>
    public long WakeUps => _tx.Sum(queue => queue.WakeUps);

    /// <summary>Opens the port, not connected to anything.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="region">Where its rings and buffers are to lie.</param>
    /// <param name="shape">Rings and slots; as many tx rings as rx rings.</param>
    /// <param name="quiescence">The one of all ports.</param>
    /// <exception cref="RegionLimitException">The region has not enough left, or its buffers are not of a size that
    /// AF_XDP takes.</exception>
    public static NicPort Create(string name, MemoryRegion region, PortShape shape, Quiescence quiescence)
    {
        if (shape.TxRings != shape.RxRings)
        {
            throw new RegionLimitException(
                $"port {name}: a queue has a ring of each direction, but there are " +
                $"{shape.TxRings} tx and {shape.RxRings} rx rings");
        }

        if (!XdpUmem.Takes(region.Layout.Buffers.ObjectSize))
        {
            throw new RegionLimitException(
                $"port {name}: AF_XDP takes buffers of {XdpUmem.SizesTaken}, region {region.Name} has " +
                $"{region.Layout.Buffers.ObjectSize} (option --buffer-size)");
        }

        // The kernel pins all of them when it is given the memory.
        region.PopulateBuffers($"port {name}");
        PoolLayout pool = region.Layout.Buffers;
        MappedRange memory = region.Range.Slice(
            pool.Offset - XdpUmem.LeadOf(pool.ObjectSize), (long)pool.Count * pool.ObjectSize);
        var umem = new XdpUmem(memory, pool.ObjectSize)
        {
            HasHugePages = region.Backing == PageBacking.HugeTlb,
        };
        var rx = new List<NicRxQueue>();
        try
        {
            for (int i = 0; i < shape.RxRings; i++)
            {
                rx.Add(new NicRxQueue(umem, (uint)shape.RxSlots));
            }

            return new NicPort(name, region, shape, quiescence, umem, [.. rx]);
        }
        catch
        {
            // What the queues have of the system does not wait for the next collection.
            rx.ForEach(queue => queue.Dispose());
            throw;
        }
    }

    /// <summary>Connects the port to a device: the link comes up. The queues stay the caller's.</summary>
    /// <param name="queues">One a ring pair.</param>
    /// <param name="mtu">Longest frame that the device sends, without its Ethernet header.</param>
    /// <param name="completesChecksums">Frames may come with checksums that nobody has computed.</param>
    public void Connect(IReadOnlyList<IXdpQueue> queues, int mtu, bool completesChecksums = false)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(queues.Count, _rx.Length, nameof(queues));
        lock (_control)
        {
            TakeDown();
            SetMtu(mtu);
            for (int i = 0; i < _rx.Length; i++)
            {
                _tx[i].Connect(queues[i]);
                _rx[i].Connect(queues[i], RxRings[i], completesChecksums);
            }

            _queues = queues;
        }

        RunPasses();
    }

    /// <inheritdoc/>
    public override void Disconnect()
    {
        lock (_control)
        {
            TakeDown();
        }

        RunPasses();
    }

    /// <summary>The device's link is up, and may have been down before: what was on its way then leaves now, and what
    /// has come is taken. A socket whose interface is down says that it has no frames, and wakes nobody for them when
    /// it is up again. Only the next frame would, which never comes when all buffers are full.</summary>
    public void LinkUp() => RunPasses();

    /// <summary>The device's MTU is another one now.</summary>
    public void SetMtu(int mtu)
    {
        uint longest = Math.Min((uint)mtu + Ethernet.HeaderLength + Ethernet.TagLength, Umem.LongestFrame);
        Array.ForEach(_tx, queue => queue.LongestFrame = longest);
    }

    /// <inheritdoc/>
    public override SyncStatus TxSync(Kring tx, uint budget) => _tx[tx.Index].TxSync(tx, budget);

    /// <inheritdoc/>
    public override SyncStatus Reclaim(Kring tx) => _tx[tx.Index].Reclaim(tx);

    /// <inheritdoc/>
    public override RxSource? SourceOf(Kring rx) => _rx[rx.Index];

    /// <inheritdoc/>
    public override void NotifyReceivers(Kring tx)
    {
        // The kernel was woken with the frames.
    }

    /// <inheritdoc/>
    /// <remarks>When the last guest named a buffer twice, the kernel may have it once more than the next guest can
    /// know: the device is closed then, and opened anew.</remarks>
    public override void PrepareForGuest()
    {
        bool renew;
        lock (_control)
        {
            for (int i = 0; i < _rx.Length; i++)
            {
                _rx[i].ShowLent(RxRings[i]);
            }

            renew = IsConnected && NamesBufferTwice();
            if (renew)
            {
                TakeDown();
            }

            base.PrepareForGuest();
            for (int i = 0; i < _rx.Length; i++)
            {
                _rx[i].LendMended(RxRings[i]);
            }
        }

        if (renew)
        {
            Wish(PortWish.Renewal);
        }
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        Wish(PortWish.Release);
        TakeDown();
        Array.ForEach(_rx, queue => queue.Dispose());
    }

    private bool NamesBufferTwice()
    {
        var seen = new HashSet<uint>();
        foreach (Kring ring in TxRings.Concat(RxRings))
        {
            foreach (NetmapSlot slot in ring.Ring.Slots)
            {
                if (ring.Buffers.IsValid(slot.BufferIndex) && !seen.Add(slot.BufferIndex))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private void TakeDown()
    {
        if (!IsConnected)
        {
            return;
        }

        for (int i = 0; i < _rx.Length; i++)
        {
            _rx[i].Disconnect();
            _tx[i].Disconnect();
        }

        bool isQuiet = _passes.Wait();
        _queues = [];
        if (!isQuiet)
        {
            // It may be in a queue's rings or buffers at any time: whoever opened the interface keeps them, too.
            KeepForStuckPass();
            return;
        }

        for (int i = 0; i < _rx.Length; i++)
        {
            _rx[i].TakeBack(RxRings[i]);
            _tx[i].Forget();
        }
    }
}
