using System.Diagnostics;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A port that takes a tenth of a millisecond for each piece that it sends, as where every packet is a system
/// call.</summary>
internal sealed class SlowPort(MemoryRegion region, int slots, Quiescence quiescence)
    : Port("slow", region, PortShape.Symmetric(1, slots), quiescence)
{
    private static readonly TimeSpan Time = TimeSpan.FromMicroseconds(100);

    private long _pieces;

    /// <summary>Pieces that were sent.</summary>
    internal long Pieces => Volatile.Read(ref _pieces);

    public override bool HasBackPressure => true;

    public override SyncStatus TxSync(Kring tx, uint budget)
    {
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < Time)
        {
            Thread.SpinWait(10);
        }

        uint count = Math.Min(budget, tx.Pending);
        tx.Complete(count);
        tx.Counters.Packets += count;
        Volatile.Write(ref _pieces, _pieces + 1);
        return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.More;
    }

    public override void NotifyReceivers(Kring tx)
    {
        // They are outside.
    }

    protected override void Leave()
    {
        // It holds nothing.
    }
}
