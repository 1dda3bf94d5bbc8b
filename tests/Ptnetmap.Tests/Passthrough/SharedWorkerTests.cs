using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Rings that share a worker with one that is never done.</summary>
public sealed class SharedWorkerTests
{
    private const int Slots = 8192;

    // Of all pieces that a turn of 4096 slots has, sixteen times over, it would be 256.
    private const long MostPieces = 40;

    [Fact]
    public void A_ring_is_not_kept_waiting_by_another_whose_packets_are_slow()
    {
        using var bed = new SourceBed(NotificationPolicy.SpinThenSleep);
        var quiescence = new Quiescence();
        using var region = MemoryRegion.Create(
            new RegionRequest { Ports = 2, Slots = Slots, BufferSize = 128, HugePages = HugePagePolicy.Off });
        using var endless = new EndlessPort(region, Slots, quiescence);
        using var slow = new SlowPort(region, Slots, quiescence);
        using var splice = Splice.Connect(endless, slow, bed.Workers, NotificationPolicy.SpinThenSleep, quiescence);
        SourceBed.Await(() => slow.Pieces > 64);
        long served = 0;
        bed.Source.Taking = () => served = slow.Pieces;
        var waited = new List<long>();
        for (uint i = 0; i < 21; i++)
        {
            long before = slow.Pieces;
            bed.Source.Put(i);
            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
            waited.Add(served - before);
        }

        // Not the longest: this thread may be kept from its CPU between two lines.
        Assert.InRange(waited.Order().ElementAt(waited.Count / 2), 0, MostPieces);
    }
}
