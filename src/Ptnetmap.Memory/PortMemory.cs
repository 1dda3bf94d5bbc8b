using System.Buffers.Binary;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>What one port has of its region: a <c>netmap_if</c>, its rings, and a buffer in every slot. Opening and
/// closing are control path.</summary>
public sealed partial class PortMemory : IDisposable
{
    private readonly List<uint> _ringObjects = [];
    private readonly uint _interfaceObject;
    private readonly string _name;
    private bool _closed;

    private PortMemory(MemoryRegion region, string name, PortShape shape)
    {
        _name = name;
        Region = region;
        Shape = shape;
        if (!region.InterfacePool.TryAllocate(out _interfaceObject))
        {
            throw new RegionLimitException(
                $"port {name}: region {region.Name} holds {Quantity.Of(region.Layout.Interfaces.Count, "port")} and " +
                "has no place left (--ports of its trust domain)");
        }

        TxRings = new RingView[shape.TxRings];
        RxRings = new RingView[shape.RxRings];
        InterfaceOffset = _interfaceObject * region.Layout.Interfaces.ObjectSize;
        region.PortOpened();
    }

    /// <summary>The region that it is part of.</summary>
    public MemoryRegion Region { get; }

    /// <summary>Rings and slots.</summary>
    public PortShape Shape { get; }

    /// <summary>Offset of the <c>netmap_if</c> from the region's start (<c>nr_offset</c>).</summary>
    public long InterfaceOffset { get; }

    /// <summary>The transmit rings.</summary>
    public RingView[] TxRings { get; }

    /// <summary>The receive rings.</summary>
    public RingView[] RxRings { get; }

    /// <summary>Buffers that closing did not find: a guest overwrote the slots that named them. They come back when the
    /// region's last port is closed. Known after <see cref="Dispose"/>.</summary>
    public int LostBuffers { get; private set; }

    /// <summary>Takes a port's objects out of <paramref name="region"/> and lays them out.</summary>
    /// <exception cref="RegionLimitException">The region has not enough of something; all is given back.</exception>
    public static PortMemory Open(MemoryRegion region, string name, PortShape shape)
    {
        CheckShape(region, name, shape);
        var port = new PortMemory(region, name, shape);
        try
        {
            port.LayOut();
            return port;
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    /// <summary>Gives everything back: the buffers that the slots and the list of extra buffers name now, which may be
    /// others than at the start (a pipe or a forwarding program swaps them).</summary>
    public void Dispose()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        int expected = _allocatedBuffers;
        int found = FreeSlots(TxRings, _laidOutTx) + FreeSlots(RxRings, _laidOutRx);
        found += FreeExtraBuffers(expected - found);
        LostBuffers = expected - found;
        foreach (uint ring in _ringObjects)
        {
            _ = Region.RingPool.TryFree(ring);
        }

        _ = Region.InterfacePool.TryFree(_interfaceObject);
        Region.PortClosed();
    }

    private int _allocatedBuffers;
    private int _laidOutTx;
    private int _laidOutRx;

    private static void CheckShape(MemoryRegion region, string name, PortShape shape)
    {
        long most = (region.Layout.Rings.ObjectSize - NetmapAbi.RingHeaderSize) / NetmapAbi.SlotSize;
        foreach (int slots in (ReadOnlySpan<int>)[shape.TxSlots, shape.RxSlots])
        {
            if (slots < NetmapAbi.MinSlots || slots > Math.Min(most, NetmapAbi.MaxSlots))
            {
                throw new RegionLimitException(
                    $"port {name}: {slots} slots a ring are outside the limits {NetmapAbi.MinSlots} to " +
                    $"{Math.Min(most, NetmapAbi.MaxSlots)} of region {region.Name} (option --slots)");
            }
        }

        if (shape.ExtraBuffers < 0)
        {
            throw new RegionLimitException(
                $"port {name}: {shape.ExtraBuffers} extra buffers are fewer than none (option --extra-buffers)");
        }

        int offsets = (int)((region.Layout.Interfaces.ObjectSize - NetmapAbi.InterfaceHeaderSize) / sizeof(long))
            - (2 * RingOffsets.HostRings);
        foreach (int rings in (ReadOnlySpan<int>)[shape.TxRings, shape.RxRings])
        {
            if (rings is < 1 or > NetmapAbi.MaxRingPairs || shape.Rings > offsets)
            {
                throw new RegionLimitException(
                    $"port {name}: {shape.TxRings} tx and {shape.RxRings} rx rings do not fit: 1 to " +
                    $"{NetmapAbi.MaxRingPairs} each, and {offsets} in all in region {region.Name} (option --rings)");
            }
        }
    }

    private void LayOut()
    {
        for (int i = 0; i < Shape.TxRings; i++)
        {
            TxRings[i] = OpenRing(Shape.TxSlots);
            TxRings[i].Header.Tail = TxRings[i].SlotCount - 1;
            _laidOutTx++;
            FillRing(TxRings[i]);
        }

        for (int i = 0; i < Shape.RxRings; i++)
        {
            RxRings[i] = OpenRing(Shape.RxSlots);
            _laidOutRx++;
            FillRing(RxRings[i]);
        }

        Region.Populate(What, InterfaceOffset, Region.Layout.Interfaces.ObjectSize);
        Region.InterfaceAt(InterfaceOffset).Header = default;
        WriteHeaders();
        LinkExtraBuffers(Region.InterfaceAt(InterfaceOffset));
    }

    // The netmap_if but for its list of extra buffers, and the rings' headers. There are no host rings, but their
    // entries are counted, or NETMAP_RXRING() (which adds tx_rings and host_tx_rings) would miss the rx rings; they
    // stay 0.
    private void WriteHeaders()
    {
        InterfaceView view = Region.InterfaceAt(InterfaceOffset);
        view.Name = _name;
        view.Header.Version = NetmapAbi.Version;
        view.Header.Flags = 0;
        view.Header.TxRings = (uint)Shape.TxRings;
        view.Header.RxRings = (uint)Shape.RxRings;
        view.Header.HostTxRings = RingOffsets.HostRings;
        view.Header.HostRxRings = RingOffsets.HostRings;
        int ring = 0;
        for (int i = 0; i < Shape.TxRings; i++)
        {
            WriteHeader(view, RingOffsets.Tx(i), OffsetOf(_ringObjects[ring++]), TxRings[i], i, RingDirection.Tx);
        }

        view.SetRingOffset(RingOffsets.HostTx(Shape.TxRings), 0);
        for (int i = 0; i < Shape.RxRings; i++)
        {
            int entry = RingOffsets.Rx(Shape.TxRings, RingOffsets.HostRings, i);
            WriteHeader(view, entry, OffsetOf(_ringObjects[ring++]), RxRings[i], i, RingDirection.Rx);
        }

        view.SetRingOffset(RingOffsets.HostRx(Shape.TxRings, RingOffsets.HostRings, Shape.RxRings), 0);
    }

    private void WriteHeader(InterfaceView view, int entry, long offset, RingView ring, int id, RingDirection direction)
    {
        view.SetRingOffset(entry, offset - InterfaceOffset);
        ring.Header.BufferOffset = Region.Layout.Buffers.Offset - offset;
        ring.Header.SlotCount = ring.SlotCount;
        ring.Header.BufferSize = Region.Layout.Buffers.ObjectSize;
        ring.Header.RingId = (ushort)id;
        ring.Header.Direction = (ushort)direction;
    }

    private long OffsetOf(uint ringObject) =>
        Region.Layout.Rings.Offset + (ringObject * (long)Region.Layout.Rings.ObjectSize);

    private RingView OpenRing(int slots)
    {
        if (!Region.RingPool.TryAllocate(out uint ringObject))
        {
            throw new RegionLimitException(
                $"region {Region.Name} holds {Quantity.Of(Region.Layout.Rings.Count, "ring")} and has none left " +
                "(--ports, --rings of its trust domain)");
        }

        _ringObjects.Add(ringObject);
        Region.Populate(What, OffsetOf(ringObject), Region.Layout.Rings.ObjectSize);
        RingView ring = Region.RingAt(OffsetOf(ringObject), (uint)slots);
        ring.Slots.Clear();
        ring.Header = default;
        return ring;
    }

    // The ring is already among those that closing empties, so a pool that runs dry half-way loses nothing.
    private void FillRing(RingView ring)
    {
        foreach (ref NetmapSlot slot in ring.Slots)
        {
            slot.BufferIndex = TakeBuffer();
        }
    }

    // Their list is in them. The lowest free ones are taken, so the others are most likely behind the first.
    private void LinkExtraBuffers(InterfaceView view)
    {
        uint next = 0;
        for (int left = Shape.ExtraBuffers; left > 0; left--)
        {
            uint index = TakeBuffer();
            if (index != next)
            {
                Region.PopulateBuffers(What, index, Math.Min((uint)left, Region.Layout.Buffers.Count - index));
            }

            next = index + 1;
            BinaryPrimitives.WriteUInt32LittleEndian(Region.Buffers[index], view.Header.ExtraBuffers);
            view.Header.ExtraBuffers = index;
        }
    }

    private uint TakeBuffer()
    {
        if (!Region.BufferPool.TryAllocate(out uint index))
        {
            throw new RegionLimitException(
                $"region {Region.Name} has {Region.Layout.Buffers.Count} buffers and all are taken " +
                "(--ports, --rings, --slots, --extra-buffers of its trust domain)");
        }

        _allocatedBuffers++;
        return index;
    }

    private int FreeSlots(RingView[] rings, int laidOut)
    {
        int freed = 0;
        for (int i = 0; i < laidOut; i++)
        {
            foreach (ref NetmapSlot slot in rings[i].Slots)
            {
                freed += Region.BufferPool.TryFree(slot.BufferIndex) ? 1 : 0;
            }
        }

        return freed;
    }

    // The list is the guest's: it may be cut, tied into a loop, or point anywhere. A buffer that is not given out any
    // more ends the walk, which also ends loops.
    private int FreeExtraBuffers(int limit)
    {
        int freed = 0;
        uint index = Region.InterfaceAt(InterfaceOffset).Header.ExtraBuffers;
        while (freed < limit && Region.Buffers.IsValid(index))
        {
            uint next = BinaryPrimitives.ReadUInt32LittleEndian(Region.Buffers[index]);
            if (!Region.BufferPool.TryFree(index))
            {
                break;
            }

            freed++;
            index = next;
        }

        return freed;
    }
}
