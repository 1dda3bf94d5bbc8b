using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A port whose packets come from a <see cref="QueueSource"/>; what is sent is kept, as numbers.</summary>
internal sealed class SourcePort(MemoryRegion region, int slots, Quiescence quiescence)
    : Port("source", region, PortShape.Symmetric(1, slots), quiescence)
{
    internal QueueSource Source { get; } = new();

    internal List<uint> Sent { get; } = [];

    /// <summary>Slots that are taken before sending stands still.</summary>
    internal int Room { get; set; } = int.MaxValue;

    public override bool HasBackPressure => true;

    public override long RetryNanoseconds => 100_000;

    public override RxSource? SourceOf(Kring rx) => Source;

    public override SyncStatus TxSync(Kring tx, uint budget)
    {
        for (uint left = Math.Min(budget, tx.Pending); left > 0; left--)
        {
            if (Room <= 0)
            {
                return SyncStatus.Blocked;
            }

            Room--;
            SlotWord word = tx.Ring.Slots[(int)tx.HwCur].Word;
            Sent.Add(BitConverter.ToUInt32(tx.Buffers[word.BufferIndex][..4]));
            tx.Complete(1);
            tx.Counters.Packets++;
        }

        return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.More;
    }

    public override void NotifyReceivers(Kring tx)
    {
        // They are outside.
    }

    protected override void Leave() => Source.Dispose();
}
