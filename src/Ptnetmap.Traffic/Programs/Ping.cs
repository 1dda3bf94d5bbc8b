using System.Diagnostics;
using Ptnetmap.Client;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Sends a frame, waits for its answer (an <see cref="Echo"/>'s), records the time between, and so on: one
/// request under way at a time, on the first ring of each direction.</summary>
public sealed class Ping : GuestProgram
{
    private readonly RxRing _rx;
    private readonly TxRing _tx;
    private readonly TrafficSpec _traffic;
    private readonly FrameTemplate _template;
    private readonly long _interval;
    private readonly long _patience;
    private GuestCounters _counters;
    private ulong _sequence;
    private long _sentAt;
    private bool _underWay;

    /// <summary>Makes a ping on <paramref name="port"/>.</summary>
    /// <exception cref="ArgumentException">The frame does not fit in the region's buffers.</exception>
    public Ping(NetmapPort port, TrafficSpec? traffic = null)
    {
        _rx = port.RxRings[0];
        _tx = port.TxRings[0];
        _traffic = traffic ?? new TrafficSpec();
        _template = new FrameTemplate(_traffic.FrameLength, _traffic.Destination, _traffic.Source);
        _interval = _traffic.Rate == 0 ? 0 : Stopwatch.Frequency / _traffic.Rate;
        _patience = ToTicks(_traffic.Patience);
        _sentAt = Stopwatch.GetTimestamp() - _interval;
        if (_template.Footprint > _tx.Buffers.BufferSize)
        {
            throw new ArgumentException(
                "frames of " +
                $"{_traffic.FrameLength} bytes do not fit in buffers of {_tx.Buffers.BufferSize} (option --frame)",
                nameof(traffic));
        }
    }

    /// <summary>Round trips in nanoseconds.</summary>
    public LatencyHistogram RoundTrips { get; } = new();

    /// <inheritdoc/>
    public override bool IsFinished => _traffic.Limit != 0 && !_underWay && _sequence >= (ulong)_traffic.Limit;

    /// <summary>Packets are answers; lost are requests whose answer did not come in time.</summary>
    public override GuestCounters Counters
    {
        get
        {
            GuestCounters counters = _counters;
            counters.Add(_rx);
            counters.Add(_tx);
            return counters;
        }
    }

    /// <inheritdoc/>
    public override bool Step() => _underWay ? LookForAnswer() : TrySend();

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        long until = _sentAt + (_underWay ? _patience : _interval) - Stopwatch.GetTimestamp();
        var limit = TimeSpan.FromTicks(Math.Max(0, until) * TimeSpan.TicksPerSecond / Stopwatch.Frequency);
        limit = timeout < limit && timeout != Timeout.InfiniteTimeSpan ? timeout : limit;
        if (_underWay)
        {
            _ = _rx.WaitForPackets(limit);
        }
        else if (_tx.Space == 0)
        {
            _ = _tx.WaitForSpace(timeout);
        }
        else
        {
            _ = _rx.Channel.WaitInterrupt([_rx.CsbIndex], limit);
        }
    }

    /// <inheritdoc/>
    public override void Wake()
    {
        _rx.Channel.Wake(_rx.CsbIndex);
        _tx.Channel.Wake(_tx.CsbIndex);
    }

    private static long ToTicks(TimeSpan time) => (long)(time.TotalSeconds * Stopwatch.Frequency);

    private bool TrySend()
    {
        long now = Stopwatch.GetTimestamp();
        if (now - _sentAt < _interval || (_tx.Space == 0 && _tx.Refresh() == 0))
        {
            return false;
        }

        Span<byte> buffer = _tx.Frame(0);
        if (!buffer.IsEmpty)
        {
            _template.Write(buffer, _sequence, (ulong)now);
        }

        _tx.SetLength(0, buffer.IsEmpty ? 0 : _traffic.FrameLength);
        _tx.Advance(1);
        _sentAt = now;
        _underWay = true;
        _tx.PublishAndAssist();
        return true;
    }

    // Frames that are not the answer (a switch floods, an answer comes too late) are read and forgotten.
    private bool LookForAnswer()
    {
        uint available = _rx.Refresh();
        long now = Stopwatch.GetTimestamp();
        for (uint i = 0; i < available && _underWay; i++)
        {
            SlotWord word = _rx.Slot(i);
            if (_rx.Buffers.IsValid(word)
                && TestFrame.TryRead(_rx.Buffers[word.BufferIndex], word.Length, out ulong sequence, out _)
                && sequence == _sequence)
            {
                RoundTrips.Record((long)((now - _sentAt) * (1e9 / Stopwatch.Frequency)));
                _counters.Packets++;
                _counters.Bytes += word.Length;
                _counters.Batches++;
                NextRequest();
            }
        }

        _rx.Release(available);
        _rx.Publish();
        if (_underWay && now - _sentAt >= _patience)
        {
            _counters.Lost++;
            NextRequest();
        }

        return available != 0 || !_underWay;
    }

    private void NextRequest()
    {
        _sequence++;
        _underWay = false;
    }
}
