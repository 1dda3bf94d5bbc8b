using Ptnetmap.Memory;

namespace Ptnetmap.PciGuest.Interrupts;

/// <summary>No interrupts: a wait is a short sleep, after which the caller looks for itself. The sleeps of a ring grow
/// from 50 us to 1 ms while nothing comes, and are short again when something came: at most a thousand wake-ups a
/// second of an idle program, at most a millisecond of delay for the first packet.</summary>
internal sealed class PollingInterrupts(int rings, Func<int, CsbGuestView> csb) : InterruptSource(rings)
{
    private const long ShortestTicks = 50 * TimeSpan.TicksPerMicrosecond;
    private const long LongestTicks = TimeSpan.TicksPerMillisecond;

    // Of each ring, used by the thread that waits for it.
    private readonly long[] _sleep = [.. Enumerable.Repeat(ShortestTicks, rings)];
    private readonly uint[] _tail = new uint[rings];

    internal override InterruptKind Kind => InterruptKind.Poll;

    internal override int Wait(ReadOnlySpan<int> rings, TimeSpan timeout)
    {
        long sleep = LongestTicks;
        foreach (int ring in rings)
        {
            uint tail = csb(ring).ReadHwTailAcquire();
            _sleep[ring] = tail == _tail[ring] ? Math.Min(2 * _sleep[ring], LongestTicks) : ShortestTicks;
            _tail[ring] = tail;
            sleep = Math.Min(sleep, _sleep[ring]);
        }

        // With no rings the caller wants to sleep for the whole time; otherwise coming back early is allowed.
        bool wholeTime = rings.IsEmpty || (timeout >= TimeSpan.Zero && timeout.Ticks < sleep);
        return base.Wait(rings, wholeTime ? timeout : TimeSpan.FromTicks(sleep));
    }
}
