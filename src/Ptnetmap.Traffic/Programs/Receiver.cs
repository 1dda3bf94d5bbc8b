using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Ptnetmap.Client;
using Ptnetmap.Memory;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Receives on all receive rings of a port: reads every slot, and in verify mode every frame. Each ring
/// carries the stream of one sender's ring, or one of each of several senders.</summary>
public sealed class Receiver : GuestProgram
{
    private const int PacedBurst = 16;

    private readonly NetmapPort _port;
    private readonly GuestRing[] _rings;
    private readonly SequenceTracker[][] _trackers;
    private readonly FragmentedFrame[] _fragmented;
    private readonly ulong[] _sources;
    private readonly long[] _fromSources;
    private readonly ReceiverOptions _options;
    private readonly Pacer _pacer;
    private GuestCounters _counters;
    private ulong _lastNews;

    /// <summary>Makes a receiver on <paramref name="port"/>.</summary>
    public Receiver(NetmapPort port, ReceiverOptions? options = null)
    {
        _port = port;
        _options = options ?? new ReceiverOptions();
        _rings = [.. port.RxRings];
        _pacer = new Pacer(_options.Rate, PacedBurst);
        _fragmented = [.. _rings.Select(_ => new FragmentedFrame())];
        _sources = [.. _options.Sources.Select(address => address.Value)];
        _fromSources = new long[_sources.Length];
        _trackers = [.. _rings.Select(_ =>
            Enumerable.Range(0, Math.Max(1, _sources.Length)).Select(_ => new SequenceTracker()).ToArray())];
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

            foreach (SequenceTracker[] ofRing in _trackers)
            {
                foreach (SequenceTracker tracker in ofRing)
                {
                    counters.Lost += tracker.Lost;
                    counters.Duplicated += tracker.Duplicated;
                    counters.Reordered += tracker.Reordered;
                }
            }

            return counters;
        }
    }

    /// <summary>Frames of sender number <paramref name="index"/> of <see cref="ReceiverOptions.Sources"/>; may be
    /// called from any thread at any time.</summary>
    public long PacketsFrom(int index) => Volatile.Read(ref _fromSources[index]);

    /// <inheritdoc/>
    public override bool Step()
    {
        bool progress = false;
        for (int i = 0; i < _rings.Length; i++)
        {
            progress |= StepRing(_port.RxRings[i], _trackers[i], _fragmented[i]);
        }

        if (progress && _options.Gaps)
        {
            MeasureGap();
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

        // It may not read yet, whatever comes; whoever wakes it ends the sleep early.
        TimeSpan pause = _pacer.UntilNext();
        _ = _port.Channel.WaitInterrupt(
            [_rings[0].CsbIndex], timeout < pause && timeout >= TimeSpan.Zero ? timeout : pause);
    }

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

    private bool StepRing(RxRing rx, SequenceTracker[] trackers, FragmentedFrame fragmented)
    {
        if ((rx.Available == 0 && rx.Refresh() == 0) || (_pacer.IsOn && _pacer.Due() == 0))
        {
            return false;
        }

        Span<NetmapSlot> slots = rx.Slots();
        if (_pacer.IsOn)
        {
            slots = slots[..(int)Math.Min((uint)slots.Length, _pacer.Due())];
            _pacer.Sent((uint)slots.Length);
        }

        if (_sources.Length != 0)
        {
            ReadStreams(slots, rx.Buffers, trackers, fragmented, ref _counters);
        }
        else if (_options.Verify || _options.Latency)
        {
            ReadFrames(slots, rx.Buffers, trackers[0], fragmented, ref _counters, _options.Latency ? Latency : null);
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
        long bytes = 0;
        ulong fragments = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            ulong word = slots[i].Word.Value;
            bytes += (ushort)(word >> 32);
            fragments += (word >> SlotForwarder.MoreFragmentsBit) & 1;
        }

        counters.Packets += slots.Length - (long)fragments;
        counters.Bytes += bytes;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadFrames(
        ReadOnlySpan<NetmapSlot> slots, BufferPoolView buffers, SequenceTracker tracker, FragmentedFrame fragmented,
        ref GuestCounters counters, LatencyHistogram? latency)
    {
        ulong now = latency is null ? 0 : NanosecondClock();
        bool isOpen = fragmented.IsOpen;
        long packets = 0;
        long bytes = 0;
        long bad = 0;
        long damaged = 0;
        for (int i = 0; i < slots.Length; i++)
        {
            SlotWord word = slots[i].Word;
            if (isOpen || word.Has(SlotFlags.MoreFragments))
            {
                isOpen = !fragmented.Add(word, buffers);
                if (!isOpen)
                {
                    ReadFragmented(fragmented, tracker, ref counters, latency, now);
                }

                continue;
            }

            packets++;
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

        counters.Packets += packets;
        counters.Bytes += bytes;
        counters.BadSlots += bad;
        counters.Damaged += damaged;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void ReadFragmented(
        FragmentedFrame frame, SequenceTracker tracker, ref GuestCounters counters,
        LatencyHistogram? latency, ulong now)
    {
        counters.Packets++;
        if (frame.IsSpoiled)
        {
            counters.BadSlots++;
            return;
        }

        counters.Bytes += frame.Length;
        if (!TestFrame.TryRead(frame.Buffer, frame.Length, out ulong sequence, out ulong timestamp))
        {
            counters.Damaged++;
            return;
        }

        tracker.Observe(sequence);
        latency?.Record((long)(now - timestamp));
    }

    // Frames of several senders between each other. One of nobody whom we know counts as damaged.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReadStreams(
        ReadOnlySpan<NetmapSlot> slots, BufferPoolView buffers, SequenceTracker[] trackers, FragmentedFrame fragmented,
        ref GuestCounters counters)
    {
        for (int i = 0; i < slots.Length; i++)
        {
            SlotWord word = slots[i].Word;
            if (fragmented.IsOpen || word.Has(SlotFlags.MoreFragments))
            {
                if (fragmented.Add(word, buffers))
                {
                    counters.Packets++;
                    ReadStream(fragmented.Buffer, fragmented.IsSpoiled ? 0 : fragmented.Length, trackers, ref counters);
                }

                continue;
            }

            counters.Packets++;
            bool sound = buffers.IsValid(word);
            ReadStream(sound ? buffers[word.BufferIndex] : [], sound ? word.Length : 0, trackers, ref counters);
        }
    }

    private void ReadStream(ReadOnlySpan<byte> frame, int length, SequenceTracker[] trackers,
        ref GuestCounters counters)
    {
        if (length < TestFrame.MinLength)
        {
            counters.BadSlots++;
            return;
        }

        counters.Bytes += length;
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(frame);
        int source = Array.IndexOf(_sources, new EthernetHead(words[0], words[1]).Source.Value);
        ulong sequence = 0;
        if (source < 0 || (_options.Verify && !TestFrame.TryRead(frame, length, out sequence, out _)))
        {
            counters.Damaged++;
            return;
        }

        _fromSources[source]++;
        if (_options.Verify)
        {
            trackers[source].Observe(sequence);
        }
    }
}
