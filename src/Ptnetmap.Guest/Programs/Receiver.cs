using System.Runtime.CompilerServices;
using Ptnetmap.Memory;

namespace Ptnetmap.Guest.Programs;

/// <summary>Receives on all receive rings of a port: reads every slot, and in verify mode every frame. Each ring carries
/// the stream of one sender's ring.</summary>
public sealed class Receiver : GuestProgram
{
    private readonly NetmapPort _port;
    private readonly GuestRing[] _rings;
    private readonly SequenceTracker[] _trackers;
    private readonly ReceiverOptions _options;
    private GuestCounters _counters;
    private ulong _lastNews;

    /// <summary>Makes a receiver on <paramref name="port"/>.</summary>
    public Receiver(NetmapPort port, ReceiverOptions? options = null)
    {
        _port = port;
        _options = options ?? new ReceiverOptions();
        _rings = [.. port.RxRings];
        _trackers = [.. _rings.Select(_ => new SequenceTracker())];
    }

    /// <summary>Nanoseconds from each frame's timestamp to the step that read it; filled when asked for.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <inheritdoc/>
    public override bool IsFinished => _options.Limit != 0 && _counters.Packets >= _options.Limit;

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

            foreach (SequenceTracker tracker in _trackers)
            {
                counters.Lost += tracker.Lost;
                counters.Duplicated += tracker.Duplicated;
                counters.Reordered += tracker.Reordered;
            }

            return counters;
        }
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        bool progress = false;
        for (int i = 0; i < _rings.Length; i++)
        {
            progress |= StepRing(_port.RxRings[i], _trackers[i]);
        }

        if (progress && _options.Gaps)
        {
            MeasureGap();
        }

        return progress;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout) => _ = _port.Wait(_rings, timeout);

    /// <inheritdoc/>
    public override void Wake() => _port.Channel.Wake(_rings[0].CsbIndex);

    private void MeasureGap()
    {
        ulong now = NanosecondClock();
        if (_lastNews != 0)
        {
            _counters.LongestGap = Math.Max(_counters.LongestGap, (long)(now - _lastNews));
        }

        _lastNews = now;
    }

    private bool StepRing(RxRing rx, SequenceTracker tracker)
    {
        if (rx.Available == 0 && rx.Refresh() == 0)
        {
            return false;
        }

        Span<NetmapSlot> slots = rx.Slots();
        if (_options.Verify || _options.Latency)
        {
            ReadFrames(slots, rx.Buffers, tracker, ref _counters, _options.Latency ? Latency : null);
        }
        else
        {
            ReadSlots(slots, ref _counters);
        }

        _counters.Batches++;
        rx.Release((uint)slots.Length);
        rx.Publish();
        return true;
    }

    // Each slot is read, as one word; the frame is not touched.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadSlots(ReadOnlySpan<NetmapSlot> slots, ref GuestCounters counters)
    {
        const int MoreFragmentsBit = 48 + 5;
        long bytes = 0;
        ulong fragments = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            ulong word = slots[i].Word.Value;
            bytes += (ushort)(word >> 32);
            fragments += (word >> MoreFragmentsBit) & 1;
        }

        counters.Packets += slots.Length - (long)fragments;
        counters.Bytes += bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadFrames(
        ReadOnlySpan<NetmapSlot> slots, BufferPoolView buffers, SequenceTracker tracker, ref GuestCounters counters,
        LatencyHistogram? latency)
    {
        ulong now = latency is null ? 0 : NanosecondClock();
        long bytes = 0;
        long bad = 0;
        long damaged = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            SlotWord word = slots[i].Word;
            if (!buffers.IsValid(word))
            {
                bad++;
                continue;
            }

            bytes += word.Length;
            if (!TestFrame.TryRead(buffers[word.BufferIndex], word.Length, out ulong sequence, out ulong timestamp))
            {
                damaged++;
                continue;
            }

            tracker.Observe(sequence);
            latency?.Record((long)(now - timestamp));
        }

        counters.Packets += slots.Length;
        counters.Bytes += bytes;
        counters.BadSlots += bad;
        counters.Damaged += damaged;
    }
}
