using System.Diagnostics;
using System.Numerics;
using System.Runtime.Intrinsics.X86;

namespace Ptnetmap.Client;

/// <summary>Waits until one of a few rings has slots for the guest.</summary>
internal static class RingWait
{
    private const int LooksBetweenAssists = 64;
    private static readonly long MillisecondTicks = Stopwatch.Frequency / 1000;

    /// <summary>Publishes what is due, has the host's pending work done here if that can be, looks a few times, asks
    /// for interrupts, looks once more, and sleeps.</summary>
    /// <param name="rings">Rings of one channel, at least one.</param>
    /// <param name="timeout">How long at most; a strategy that never sleeps looks for a millisecond at most.</param>
    /// <returns>False when the time ran out; also when <see cref="GuestChannel.Wake"/> or a signal ended the wait
    /// early.</returns>
    internal static bool ForAny(ReadOnlySpan<GuestRing> rings, TimeSpan timeout)
    {
        GuestChannel channel = rings[0].Channel;
        PublishAll(rings, channel);
        if (AnyReady(rings))
        {
            return true;
        }

        IdleStrategy idle = rings[0].Idle;
        if (idle.NeverSleeps)
        {
            return Spin(rings, channel, timeout);
        }

        return Look(rings, idle) || (timeout != TimeSpan.Zero && Sleep(rings, channel, timeout));
    }

    private static bool Look(ReadOnlySpan<GuestRing> rings, IdleStrategy idle)
    {
        bool isLong = idle.LongPauses != 0 && rings[0].Looks.IsDue();
        int pauses = isLong ? idle.LongPauses : idle.Pauses;
        bool found = false;
        for (int i = 0; i < pauses && !found; i++)
        {
            Pause();
            found = AnyReady(rings);
        }

        if (isLong)
        {
            rings[0].Looks.Done(found);
        }

        return found;
    }

    /// <summary>The same for a ring that has slots, but too few.</summary>
    /// <returns>False when there still are.</returns>
    internal static bool ForMore(GuestRing ring, uint slots, TimeSpan timeout)
    {
        ring.PublishAndAssist();
        if (ring.Refresh() >= slots)
        {
            return true;
        }

        if (ring.Idle.NeverSleeps)
        {
            Pause();
        }
        else if (ring.TryArm())
        {
            ring.CountSleep();
            _ = ring.Channel.WaitInterrupt([ring.CsbIndex], timeout);
            ring.Disarm();
        }

        return ring.Refresh() >= slots;
    }

    private static void PublishAll(ReadOnlySpan<GuestRing> rings, GuestChannel channel)
    {
        ulong stored = 0;
        for (int i = 0; i < rings.Length; i++)
        {
            CheckChannel(rings[i], channel);
            stored |= rings[i].TryStoreHead() ? 1UL << i : 0;
        }

        bool assisted = channel.Assist();
        for (; stored != 0; stored &= stored - 1)
        {
            rings[BitOperations.TrailingZeroCount(stored)].KickUnlessDone(assisted);
        }
    }

    private static bool Sleep(ReadOnlySpan<GuestRing> rings, GuestChannel channel, TimeSpan timeout)
    {
        Span<int> numbers = stackalloc int[NetmapAbi.MaxCsbRings];
        int armed = 0;
        while (armed < rings.Length && rings[armed].TryArm())
        {
            numbers[armed] = rings[armed].CsbIndex;
            armed++;
        }

        bool ready = armed != rings.Length;
        if (!ready)
        {
            rings[0].CountSleep();
            _ = channel.WaitInterrupt(numbers[..armed], timeout);
        }

        foreach (GuestRing ring in rings[..armed])
        {
            ring.Disarm();
        }

        return AnyReady(rings) || ready;
    }

    private static bool Spin(ReadOnlySpan<GuestRing> rings, GuestChannel channel, TimeSpan timeout)
    {
        long limit = timeout == Timeout.InfiniteTimeSpan
            ? MillisecondTicks
            : Math.Min(MillisecondTicks, timeout.Ticks * (Stopwatch.Frequency / TimeSpan.TicksPerSecond));
        long start = Stopwatch.GetTimestamp();
        int looks = 0;
        do
        {
            Pause();
            if (AnyReady(rings))
            {
                return true;
            }

            if (++looks % LooksBetweenAssists == 0)
            {
                _ = channel.Assist();
            }
        }
        while (Stopwatch.GetTimestamp() - start < limit);
        return false;
    }

    private static bool AnyReady(ReadOnlySpan<GuestRing> rings)
    {
        bool ready = false;
        foreach (GuestRing ring in rings)
        {
            ready |= ring.Refresh() != 0;
        }

        return ready;
    }

    private static void CheckChannel(GuestRing ring, GuestChannel channel)
    {
        if (ring.Channel != channel)
        {
            throw new ArgumentException("one wait is for rings of one channel; use a thread a port", nameof(ring));
        }
    }

    private static void Pause()
    {
        if (X86Base.IsSupported)
        {
            X86Base.Pause();
        }
        else
        {
            Thread.SpinWait(1);
        }
    }
}
