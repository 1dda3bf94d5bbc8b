using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A token bucket for the floods of one port, shared by its rings. The clock is read once a run of packets
/// that have one destination, and not at all without a limit.</summary>
internal sealed class FloodLimiter
{
    private RingLock _lock;
    private FloodLimit _limit;
    private TimeProvider _clock = TimeProvider.System;
    private double _tokens;
    private long _filled;

    internal FloodLimit Limit => _limit;

    /// <summary>Sets the limit; the bucket is full then.</summary>
    internal void Set(FloodLimit limit, TimeProvider clock)
    {
        long now = clock.GetTimestamp();
        _lock.Enter();
        _clock = clock;
        _tokens = limit.Burst;
        _filled = now;
        _limit = limit;
        _lock.Exit();
    }

    /// <summary>How many of <paramref name="packets"/> may be flooded now; they are taken out of the bucket.</summary>
    internal int Take(int packets)
    {
        if (_limit.PacketsPerSecond == 0)
        {
            return packets;
        }

        _lock.Enter();
        try
        {
            // Looked at again: it may have been lifted since, and a limit of nothing is no limit.
            if (_limit.PacketsPerSecond == 0)
            {
                return packets;
            }

            long now = _clock.GetTimestamp();
            double seconds = (double)(now - _filled) / _clock.TimestampFrequency;
            _tokens = Math.Min(_limit.Burst, _tokens + (seconds * _limit.PacketsPerSecond));
            _filled = now;
            int admitted = (int)Math.Min(packets, _tokens);
            _tokens -= admitted;
            return admitted;
        }
        finally
        {
            _lock.Exit();
        }
    }
}
