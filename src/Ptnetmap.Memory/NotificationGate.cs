using System.Runtime.CompilerServices;

namespace Ptnetmap.Memory;

/// <summary>The need-kick handshake between a side that publishes work and a side that sleeps for want of it; host and
/// guest play both parts, each in its direction.
/// <code>
/// sleeper                          publisher
///   need_kick = 1                    publish head (or hwtail)
///   full fence                       full fence
///   look for news once more          need_kick?  -> signal
///   none -> sleep
/// </code>
/// Whatever the order of the four memory accesses, the publisher sees the flag or the sleeper sees the news: each
/// side's store is ordered before its own load. Take one fence away and both can look too early: a wake-up is lost. The
/// tests walk every interleaving, also without a fence.</summary>
public static class NotificationGate
{
    /// <summary>The sleeper's half.</summary>
    /// <returns>True when it may sleep: it will be signalled. False when there is news; the flag is down
    /// again.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryArm<TSide>(ref TSide side)
        where TSide : struct, ISleepingSide, allows ref struct
    {
        side.WriteNeedKick(true);
        side.Fence();
        if (side.HasNews())
        {
            side.WriteNeedKick(false);
            return false;
        }

        return true;
    }

    /// <summary>The publisher's half, after it has stored its pointer.</summary>
    /// <returns>True when the other side has to be signalled.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MustSignal<TSide>(ref TSide side)
        where TSide : struct, IPublishingSide, allows ref struct
    {
        side.Fence();
        return side.ReadNeedKick();
    }
}
