using Ptnetmap.Memory;

namespace Ptnetmap.Client;

/// <summary>A netmap port from the guest's side: rings found in the region, pointers in the CSB. Rings are independent:
/// each may have a thread of its own.</summary>
public sealed class NetmapPort
{
    private NetmapPort(GuestChannel channel, string name, TxRing[] txRings, RxRing[] rxRings)
    {
        Channel = channel;
        Name = name;
        TxRings = txRings;
        RxRings = rxRings;
    }

    /// <summary>How it is reached.</summary>
    public GuestChannel Channel { get; }

    /// <summary>Its name, as the host put it into the <c>netmap_if</c> (at most 15 characters).</summary>
    public string Name { get; }

    /// <summary>Transmit rings.</summary>
    public IReadOnlyList<TxRing> TxRings { get; }

    /// <summary>Receive rings.</summary>
    public IReadOnlyList<RxRing> RxRings { get; }

    /// <summary>Opens the port that <paramref name="channel"/> leads to. The host has initialised the CSB
    /// before.</summary>
    /// <param name="channel">The way to the host.</param>
    /// <param name="idle">What waits do before they sleep; <see cref="IdleStrategy.Default"/> when null.</param>
    /// <exception cref="NetmapPortException">Region or CSB do not hold a port; the message says what is
    /// wrong.</exception>
    public static NetmapPort Open(GuestChannel channel, IdleStrategy? idle = null)
    {
        InterfaceView view;
        try
        {
            view = channel.Region.InterfaceAt(channel.InterfaceOffset);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new NetmapPortException(
                $"region {channel.Region.Name} has no netmap_if at offset {channel.InterfaceOffset}", wrong);
        }

        NetmapInterfaceHeader header = view.Header;
        CheckHeader(view, header);
        idle ??= IdleStrategy.Default;
        int tx = (int)header.TxRings;
        var txRings = new TxRing[tx];
        for (int i = 0; i < tx; i++)
        {
            txRings[i] =
                new TxRing(channel, i, i, FindRing(channel, view, RingOffsets.Tx(i), i, RingDirection.Tx), idle);
        }

        var rxRings = new RxRing[header.RxRings];
        for (int i = 0; i < rxRings.Length; i++)
        {
            RingView ring =
                FindRing(channel, view, RingOffsets.Rx(tx, (int)header.HostTxRings, i), i, RingDirection.Rx);
            rxRings[i] = new RxRing(channel, i, tx + i, ring, idle);
        }

        return new NetmapPort(channel, view.Name, txRings, rxRings);
    }

    /// <summary>Publishes, then waits until one of <paramref name="rings"/> has slots for the guest.</summary>
    /// <param name="rings">Rings of this port, at least one; the first one's idle strategy applies.</param>
    /// <param name="timeout">How long at most.</param>
    /// <returns>False when the time ran out; also when <see cref="GuestChannel.Wake"/> or a signal ended the wait
    /// early.</returns>
    /// <exception cref="ArgumentException">A ring is another port's, or there are none.</exception>
    public bool Wait(ReadOnlySpan<GuestRing> rings, TimeSpan timeout)
    {
        if (rings.IsEmpty || rings[0].Channel != Channel)
        {
            throw new ArgumentException($"a wait on port {Name} is for its own rings, at least one", nameof(rings));
        }

        return RingWait.ForAny(rings, timeout);
    }

    private static void CheckHeader(InterfaceView view, NetmapInterfaceHeader header)
    {
        if (header.Version != NetmapAbi.Version)
        {
            throw new NetmapPortException(
                $"the netmap_if says version {header.Version}; this client speaks {NetmapAbi.Version}");
        }

        bool sound = header.TxRings is >= 1 and <= NetmapAbi.MaxRingPairs
            && header.RxRings is >= 1 and <= NetmapAbi.MaxRingPairs
            && header.HostTxRings <= NetmapAbi.MaxRingPairs
            && header.TxRings + Math.Max(1, header.HostTxRings) + header.RxRings <= (uint)view.MaxOffsets;
        if (!sound)
        {
            throw new NetmapPortException(
                "the netmap_if says " +
                $"{header.TxRings} tx, {header.HostTxRings} host tx and {header.RxRings} rx rings: " +
                $"1 to {NetmapAbi.MaxRingPairs} each, with {view.MaxOffsets} offsets in all");
        }
    }

    private static RingView FindRing(
        GuestChannel channel, InterfaceView view, int entry, int index, RingDirection direction)
    {
        MemoryRegion region = channel.Region;
        long offset = channel.InterfaceOffset + view.GetRingOffset(entry);
        try
        {
            // One slot is enough to look at the header, which says how many there are.
            NetmapRingHeader header = region.RingAt(offset, 1).Header;
            CheckRing(region, offset, header, index, direction);
            return region.RingAt(offset, header.SlotCount);
        }
        catch (ArgumentOutOfRangeException wrong)
        {
            throw new NetmapPortException(
                $"ring_ofs[{entry}] = {view.GetRingOffset(entry)} ({direction} ring {index}): {wrong.Message}", wrong);
        }
    }

    private static void CheckRing(
        MemoryRegion region, long offset, NetmapRingHeader header, int index, RingDirection direction)
    {
        (string Field, long Value, long Expected)[] fields =
        [
            ("dir", header.Direction, (long)direction),
            ("ringid", header.RingId, index),
            ("nr_buf_size", header.BufferSize, region.Layout.Buffers.ObjectSize),
            ("buf_ofs", header.BufferOffset, region.Layout.Buffers.Offset - offset),
        ];
        foreach ((string field, long value, long expected) in fields)
        {
            if (value != expected)
            {
                throw new NetmapPortException(
                    $"{direction} ring {index} of region {region.Name}: {field} is {value}, expected {expected}");
            }
        }

        if (header.SlotCount is < 2 or > NetmapAbi.MaxSlots)
        {
            throw new NetmapPortException(
                $"{direction} ring " +
                $"{index} of region {region.Name}: num_slots is {header.SlotCount}, outside 2 to {NetmapAbi.MaxSlots}");
        }
    }
}
