namespace Ptnetmap.Client;

/// <summary>Moves packets from a receive ring into a transmit ring. Neither ring is published: the caller does that
/// once a batch.</summary>
public static class SlotForwarder
{
    /// <summary>The bit of a slot's word that says that its packet goes on in the next slot.</summary>
    public const int MoreFragmentsBit = 48 + 5;

    // The high byte of the flags counts fragments on the way in and names a switch port on the way out; of the rest
    // only this flag means the same on both sides.
    private const ulong Kept = ((ulong)SlotFlags.MoreFragments << 48) | 0x0000_FFFF_FFFF_FFFF;
    private const ulong Changed = (ulong)SlotFlags.BufferChanged << 48;

    /// <summary>Forwards by swapping buffers: no byte of a packet is touched.</summary>
    /// <param name="rx">From.</param>
    /// <param name="tx">To; its port's region is the same.</param>
    /// <param name="count">At most so many slots.</param>
    /// <returns>Slots forwarded: as many as are full and free.</returns>
    /// <exception cref="ArgumentException">The rings are in different regions.</exception>
    public static uint Forward(RxRing rx, TxRing tx, uint count) => Forward(rx, tx, count, out _);

    /// <summary>The same, and counts packets: slots that are the last of theirs.</summary>
    public static uint Forward(RxRing rx, TxRing tx, uint count, out uint packets)
    {
        packets = 0;
        if (rx.Region != tx.Region)
        {
            ThrowDifferentRegions(rx, tx);
        }

        uint done = 0;
        while (done < count)
        {
            Span<NetmapSlot> source = rx.Slots();
            Span<NetmapSlot> target = tx.FreeSlots();
            int run = (int)Math.Min((uint)Math.Min(source.Length, target.Length), count - done);
            if (run == 0)
            {
                break;
            }

            packets += (uint)run - Swap(source[..run], target[..run]);
            rx.Release((uint)run);
            tx.Advance((uint)run);
            done += (uint)run;
        }

        return done;
    }

    /// <summary>Forwards by copying, for ports that do not share memory.</summary>
    /// <param name="rx">From.</param>
    /// <param name="tx">To.</param>
    /// <param name="count">At most so many slots.</param>
    /// <returns>Slots taken from <paramref name="rx"/>: as many as are full and free. A slot that names no buffer, or
    /// is longer than the target's buffers, goes with length 0: the port counts it as a runt.</returns>
    public static uint Copy(RxRing rx, TxRing tx, uint count) => Copy(rx, tx, count, out _);

    /// <summary>The same, and counts packets: slots that are the last of theirs.</summary>
    public static uint Copy(RxRing rx, TxRing tx, uint count, out uint packets)
    {
        packets = 0;
        uint done = 0;
        while (done < count && rx.Available > 0 && tx.Space > 0)
        {
            SlotFlags flags = rx.Slot(0).Flags & SlotFlags.MoreFragments;
            ReadOnlySpan<byte> from = rx.Frame(0);
            Span<byte> to = tx.Frame(0);
            int length = from.TryCopyTo(to) ? from.Length : 0;
            tx.SetLength(0, length, flags);
            packets += flags == SlotFlags.None ? 1u : 0;
            rx.Release(1);
            tx.Advance(1);
            done++;
        }

        return done;
    }

    // Index checks are the port's: what it gets from here it checks anyway. Returns the slots whose packet goes on.
    private static uint Swap(Span<NetmapSlot> source, Span<NetmapSlot> target)
    {
        ulong going = 0;
        for (int i = 0; i < source.Length && i < target.Length; i++)
        {
            SlotWord from = source[i].Word;
            SlotWord to = target[i].Word;
            target[i].Word = new SlotWord((from.Value & Kept) | Changed);
            source[i].Word = from.WithBuffer(to.BufferIndex);
            going += (from.Value >> MoreFragmentsBit) & 1;
        }

        return (uint)going;
    }

    private static void ThrowDifferentRegions(RxRing rx, TxRing tx) => throw new ArgumentException(
        $"no zero-copy forwarding from region {rx.Region.Name} to region {tx.Region.Name}: a buffer cannot leave its " +
        "region; open both ports in one region, or use SlotForwarder.Copy", nameof(tx));
}
