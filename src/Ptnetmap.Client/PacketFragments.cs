namespace Ptnetmap.Client;

/// <summary>Packets of several slots: all but the last have <see cref="SlotFlags.MoreFragments"/> set.</summary>
public static class PacketFragments
{
    /// <summary>How many slots the first packet of <paramref name="rx"/> has.</summary>
    /// <returns>0 when there is none, or its end has not come yet.</returns>
    public static uint CountSlots(RxRing rx)
    {
        for (uint i = 0; i < rx.Available; i++)
        {
            if (!rx.Slot(i).Has(SlotFlags.MoreFragments))
            {
                return i + 1;
            }
        }

        return 0;
    }

    /// <summary>Copies the first packet of <paramref name="rx"/> together and releases its slots.</summary>
    /// <param name="rx">The ring.</param>
    /// <param name="packet">Where to.</param>
    /// <param name="length">Its bytes.</param>
    /// <returns>False when there is no whole packet.</returns>
    /// <exception cref="ArgumentException">The packet is longer than <paramref name="packet"/>; it stays in the ring.</exception>
    public static bool TryGather(RxRing rx, Span<byte> packet, out int length)
    {
        length = 0;
        uint slots = CountSlots(rx);
        for (uint i = 0; i < slots; i++)
        {
            ReadOnlySpan<byte> fragment = rx.Frame(i);
            if (!fragment.TryCopyTo(packet[length..]))
            {
                throw new ArgumentException(
                    $"a packet of {slots} fragments does not fit in {packet.Length} bytes", nameof(packet));
            }

            length += fragment.Length;
        }

        rx.Release(slots);
        return slots != 0;
    }

    /// <summary>Writes a packet into as many slots of <paramref name="tx"/> as it needs, and advances over them.</summary>
    /// <returns>False when there is not enough space, as of the last look: nothing is written.</returns>
    /// <exception cref="ArgumentException">It needs more slots than a packet can have (64).</exception>
    public static bool TryScatter(TxRing tx, ReadOnlySpan<byte> packet)
    {
        int size = (int)tx.Buffers.BufferSize;
        uint slots = (uint)Math.Max(1, (packet.Length + size - 1) / size);
        if (slots > NetmapAbi.MaxFragments)
        {
            throw new ArgumentException(
                $"{packet.Length} bytes need {slots} buffers of {size}; a packet has {NetmapAbi.MaxFragments} at most", nameof(packet));
        }

        if (slots > tx.Space)
        {
            return false;
        }

        for (uint i = 0; i < slots; i++)
        {
            ReadOnlySpan<byte> fragment = packet[..Math.Min(size, packet.Length)];
            packet = packet[fragment.Length..];
            int length = fragment.TryCopyTo(tx.Frame(i)) ? fragment.Length : 0;
            tx.SetLength(i, length, packet.IsEmpty ? SlotFlags.None : SlotFlags.MoreFragments);
        }

        tx.Advance(slots);
        return true;
    }
}
