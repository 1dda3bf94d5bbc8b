using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A port on which as many packets have arrived as there are slots, whenever one looks.</summary>
internal sealed class EndlessPort(MemoryRegion region, int slots, Quiescence quiescence)
    : Port("endless", region, PortShape.Symmetric(1, slots), quiescence)
{
    private readonly Endless _source = new();

    public override bool HasBackPressure => true;

    public override RxSource? SourceOf(Kring rx) => _source;

    public override SyncStatus TxSync(Kring tx, uint budget) => SyncStatus.Dry;

    public override void NotifyReceivers(Kring tx)
    {
        // There are none.
    }

    protected override void Leave() => _source.Dispose();

    private sealed class Endless : RxSource, IDisposable
    {
        private readonly EventFd _event = new();

        internal Endless() => _event.Signal();

        public override FileDescriptor Descriptor => _event.Descriptor;

        public override SyncStatus RxSync(Kring rx, uint budget)
        {
            uint count = Math.Min(budget, rx.Free);
            rx.Fill(count, count);
            rx.Counters.Packets += count;
            return count == budget ? SyncStatus.More : SyncStatus.Blocked;
        }

        public void Dispose() => _event.Dispose();
    }
}
