using System.Diagnostics;

namespace Ptnetmap.Traffic.Programs;

/// <summary>How many packets a rate allows by now. Time that was missed is made up for, up to a burst.</summary>
internal sealed class Pacer
{
    private readonly double _ticksAPacket;
    private readonly long _mostBehind;
    private long _next;

    /// <summary>Paces to <paramref name="rate"/> packets a second; 0 does not pace.</summary>
    internal Pacer(long rate, int burst)
    {
        _ticksAPacket = rate == 0 ? 0 : (double)Stopwatch.Frequency / rate;
        _mostBehind = (long)(burst * _ticksAPacket);
        _next = Stopwatch.GetTimestamp();
    }

    internal bool IsOn => _ticksAPacket > 0;

    /// <summary>Packets that are due now.</summary>
    internal uint Due()
    {
        if (!IsOn)
        {
            return uint.MaxValue;
        }

        long now = Stopwatch.GetTimestamp();
        _next = Math.Max(_next, now - _mostBehind);
        return now < _next ? 0 : 1 + (uint)((now - _next) / _ticksAPacket);
    }

    /// <summary>So many were sent.</summary>
    internal void Sent(uint packets)
    {
        if (IsOn)
        {
            _next += (long)(packets * _ticksAPacket);
        }
    }

    /// <summary>Time until the next one is due.</summary>
    internal TimeSpan UntilNext()
    {
        double ticks = Math.Max(0, _next - Stopwatch.GetTimestamp());
        return TimeSpan.FromTicks((long)(ticks * TimeSpan.TicksPerSecond / Stopwatch.Frequency));
    }
}
