using System.Diagnostics;
using Ptnetmap.Client;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest;
using Ptnetmap.Traffic;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>Measures what a passed-through port costs this machine beside its packets: reading a register, a kick, and
/// the way from a kick to the interrupt that answers it. All times are in nanoseconds.</summary>
/// <param name="channel">The port's.</param>
/// <param name="port">Its first tx ring is used.</param>
internal sealed class PortProbe(PciChannel channel, NetmapPort port)
{
    // A kick is answered in some hundred microseconds at most, even where everything is emulated.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly TxRing _tx = port.TxRings[0];

    /// <summary>Of each register read.</summary>
    internal LatencyHistogram Reads { get; } = new();

    /// <summary>Of each kick, until the processor goes on.</summary>
    internal LatencyHistogram Kicks { get; } = new();

    /// <summary>From handing a frame over to the interrupt that says that the host has taken it.</summary>
    internal LatencyHistogram RoundTrips { get; } = new();

    /// <summary>Nanoseconds a kick when they come without a pause, until the host has noticed the last one. Posted
    /// kicks (a memory BAR) pile up on their way: that is more than <see cref="Kicks"/> says.</summary>
    internal double SustainedKick { get; private set; }

    /// <summary>Reads a register.</summary>
    internal void MeasureReads(int count)
    {
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            channel.Touch();
            Reads.Record(Since(start));
        }
    }

    /// <summary>Kicks a ring in which there is nothing new.</summary>
    internal void MeasureKicks(int count)
    {
        long first = Stopwatch.GetTimestamp();
        for (int i = 0; i < count; i++)
        {
            long start = Stopwatch.GetTimestamp();
            channel.Kick(_tx.CsbIndex);
            Kicks.Record(Since(start));
        }

        // Registers are served in order: when this answer is there the kicks were.
        channel.Touch();
        SustainedKick = (double)Since(first) / count;
    }

    /// <summary>Sends frames of <paramref name="frame"/>, one at a time, each with a kick, and sleeps until the
    /// interrupt.</summary>
    /// <returns>False when an interrupt did not come: nobody takes the frames from a pipe's other end,
    /// perhaps.</returns>
    internal bool MeasureRoundTrips(int count, in FrameTemplate frame)
    {
        CsbGuestView csb = channel.Csb(_tx.CsbIndex);
        for (int i = 0; i < count; i++)
        {
            uint wanted = _tx.Refresh();
            if (wanted == 0 || !_tx.Buffers.IsValid(_tx.FreeSlots()[0].BufferIndex))
            {
                return false;
            }

            frame.Write(_tx.Frame(0), (ulong)i, 0);
            _tx.SetLength(0, frame.Length);
            _tx.Advance(1);
            csb.WriteApplNeedKick(true);
            long start = Stopwatch.GetTimestamp();
            _tx.Publish();
            if (channel.WaitInterrupt([_tx.CsbIndex], Patience) < 0)
            {
                return false;
            }

            RoundTrips.Record(Since(start));
            csb.WriteApplNeedKick(false);
        }

        return true;
    }

    private static long Since(long start) =>
        (long)((Stopwatch.GetTimestamp() - start) * (1e9 / Stopwatch.Frequency));
}
