using System.Runtime.CompilerServices;
using Ptnetmap.Client;
using Ptnetmap.Memory;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Sends test frames on all transmit rings of a port, in turn. The whole frame is written into every packet's
/// buffer: buffers change under a sender. Each ring has a stream of sequence numbers of its own for each destination,
/// from 0 on.</summary>
public sealed class Sender : GuestProgram
{
    private readonly NetmapPort _port;
    private readonly GuestRing[] _rings;
    private readonly ulong[] _sequences;
    private readonly TrafficSpec _traffic;
    private readonly FrameTemplate[] _templates;
    private readonly Pacer _pacer;
    private GuestCounters _counters;

    /// <summary>Makes a sender on <paramref name="port"/>.</summary>
    /// <exception cref="ArgumentException">The frame does not fit in the region's buffers.</exception>
    public Sender(NetmapPort port, TrafficSpec? traffic = null)
    {
        _port = port;
        _traffic = traffic ?? new TrafficSpec();
        _rings = [.. port.TxRings];
        _sequences = new ulong[_rings.Length];
        _templates = [.. _traffic.MoreDestinations.Prepend(_traffic.Destination).Select(
            destination => new FrameTemplate(_traffic.FrameLength, destination, _traffic.Source))];
        _pacer = new Pacer(_traffic.Rate, _traffic.Burst);
        ArgumentOutOfRangeException.ThrowIfLessThan(_traffic.Burst, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(_traffic.Turn, 1);
        if (_templates[0].Footprint > _rings[0].Buffers.BufferSize)
        {
            throw new ArgumentException(
                $"frames of {_traffic.FrameLength} bytes do not fit in buffers of " +
                $"{_rings[0].Buffers.BufferSize} (option --frame)",
                nameof(traffic));
        }
    }

    /// <inheritdoc/>
    public override bool IsFinished => _traffic.Limit != 0 && _counters.Packets >= _traffic.Limit;

    /// <inheritdoc/>
    public override GuestCounters Counters
    {
        get
        {
            GuestCounters counters = _counters;
            foreach (GuestRing ring in _rings)
            {
                counters.Add(ring);
            }

            return counters;
        }
    }

    /// <summary>Frames sent to destination number <paramref name="index"/>, 0 being the first; may be called from any
    /// thread at any time.</summary>
    public long PacketsTo(int index)
    {
        long packets = 0;
        foreach (ref ulong sent in _sequences.AsSpan())
        {
            (long rounds, long rest) = Math.DivRem((long)Volatile.Read(ref sent), _traffic.Turn * _templates.Length);
            packets += (rounds * _traffic.Turn) + Math.Clamp(rest - (index * _traffic.Turn), 0, _traffic.Turn);
        }

        return packets;
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        bool progress = false;
        for (int i = 0; i < _rings.Length; i++)
        {
            progress |= StepRing(_port.TxRings[i], ref _sequences[i]);
        }

        return progress;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        if (!_pacer.IsOn || _pacer.Due() != 0)
        {
            _ = _port.Wait(_rings, timeout);
            return;
        }

        // What was sent goes on its way before we sleep; the sleep ends early when somebody wakes us.
        TimeSpan pause = _pacer.UntilNext();
        int ring = _rings[0].CsbIndex;
        _ = _port.Channel.WaitInterrupt([ring], timeout < pause && timeout >= TimeSpan.Zero ? timeout : pause);
    }

    /// <inheritdoc/>
    public override void Wake() => _port.Channel.Wake(_rings[0].CsbIndex);

    private bool StepRing(TxRing tx, ref ulong sequence)
    {
        uint allowed = Math.Min((uint)_traffic.Burst, _pacer.Due());
        if (_traffic.Limit != 0)
        {
            allowed = (uint)Math.Min(allowed, _traffic.Limit - _counters.Packets);
        }

        if (allowed == 0 || (tx.Space == 0 && tx.Refresh() == 0))
        {
            return false;
        }

        Span<NetmapSlot> slots = tx.FreeSlots();
        slots = slots[..(int)Math.Min((uint)slots.Length, allowed)];
        ulong timestamp = _traffic.Timestamps ? NanosecondClock() : 0;
        int written = _templates.Length == 1
            ? Fill(slots, tx.Buffers, in _templates[0], sequence, timestamp)
            : FillInTurn(slots, tx.Buffers, _templates, (ulong)_traffic.Turn, sequence, timestamp);
        sequence += (uint)written;
        tx.Advance((uint)slots.Length);
        if (_pacer.IsOn)
        {
            tx.PublishAndAssist();
        }
        else
        {
            tx.Publish();
        }

        _pacer.Sent((uint)slots.Length);
        Account(written, slots.Length);
        return true;
    }

    private void Account(int written, int slots)
    {
        _counters.Packets += written;
        _counters.Bytes += (long)written * _traffic.FrameLength;
        _counters.BadSlots += slots - written;
        _counters.Batches++;
    }

    /// <summary>Writes a frame into the buffer of each slot. A slot without a valid buffer (a pipe partner scribbled)
    /// goes with length 0, for the host to drop and count.</summary>
    /// <returns>Frames written.</returns>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Fill(
        Span<NetmapSlot> slots, BufferPoolView buffers, in FrameTemplate template, ulong sequence, ulong timestamp)
    {
        FrameTemplate frame = template;
        ulong first = sequence;
        for (int i = 0; i < slots.Length; i++)
        {
            uint index = slots[i].Word.BufferIndex;
            if (buffers.IsValid(index))
            {
                frame.Write(buffers[index], sequence++, timestamp);
                slots[i].Word = new SlotWord(index, (ushort)frame.Length, SlotFlags.None);
            }
            else
            {
                slots[i].Word = new SlotWord(index, 0, SlotFlags.None);
            }
        }

        return (int)(sequence - first);
    }

    // As above, for destinations in turn: a round of the ring has as many frames for each as a turn, and their numbers
    // go on where the round before ended.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int FillInTurn(
        Span<NetmapSlot> slots, BufferPoolView buffers, ReadOnlySpan<FrameTemplate> templates, ulong turn,
        ulong sequence, ulong timestamp)
    {
        (ulong round, ulong rest) = Math.DivRem(sequence, turn * (ulong)templates.Length);
        (ulong destination, ulong done) = Math.DivRem(rest, turn);
        ulong number = (round * turn) + done;
        ulong end = (round + 1) * turn;
        int written = 0;
        foreach (ref NetmapSlot slot in slots)
        {
            uint index = slot.Word.BufferIndex;
            if (!buffers.IsValid(index))
            {
                slot.Word = new SlotWord(index, 0, SlotFlags.None);
                continue;
            }

            ref readonly FrameTemplate frame = ref templates[(int)destination];
            frame.Write(buffers[index], number, timestamp);
            slot.Word = new SlotWord(index, (ushort)frame.Length, SlotFlags.None);
            written++;
            if (++number != end)
            {
                continue;
            }

            if (++destination == (ulong)templates.Length)
            {
                destination = 0;
                end += turn;
            }

            number = end - turn;
        }

        return written;
    }
}
