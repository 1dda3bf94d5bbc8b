using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Pipes;

/// <summary>Pipes that are opened, carry packets, and are closed with packets still in them.</summary>
public class PipeLeakTests
{
    private const int Slots = 64;

    [Fact]
    public void Opening_and_closing_10_000_pipes_with_traffic_loses_no_buffer()
    {
        // A third port stays open, so that the reset by the region's last port hides nothing.
        using MemoryRegion region = MemoryRegion.Create(
            new RegionRequest { Ports = 3, Slots = Slots, BufferSize = 128, HugePages = HugePagePolicy.Off });
        using PortMemory steady = PortMemory.Open(region, "steady", PortShape.Symmetric(1, Slots));
        uint free = region.BufferPool.Free;
        long sent = 0;
        for (int round = 0; round < 10_000; round++)
        {
            (PipePort master, PipePort slave) =
                PipePort.Create("leak", round, region, region, PortShape.Symmetric(1, Slots), new Quiescence());
            var receiver = new DirectClient();
            slave.RxRings[0].SetClient(receiver);
            int packets = (round % (Slots - 1)) + 1;
            sent += Send(master, packets);

            // Half of what came is given back, and as much again is sent: often round the ring's end.
            receiver.Head = (uint)packets / 2;
            sent += Send(master, packets / 2);
            slave.RxRings[0].SetClient(null);
            Assert.Equal(0, slave.RxRings[0].Counters.Violations);

            (PipePort first, PipePort last) = round % 2 == 0 ? (master, slave) : (slave, master);
            first.Dispose();
            Assert.Equal(free - (2 * Slots), region.BufferPool.Free);
            last.Dispose();
            Assert.Equal((0, 0), (master.Memory.LostBuffers, slave.Memory.LostBuffers));
        }

        Assert.Equal((free, 1), (region.BufferPool.Free, region.OpenPorts));
        Assert.True(sent > 10_000 * (Slots / 2), $"only {sent} packets went through the pipes");
    }

    private static long Send(PipePort port, int packets)
    {
        Kring tx = port.TxRings[0];
        long before = tx.Counters.Packets;
        uint head = tx.Ring.Advance(tx.Head, (uint)packets);
        for (uint at = tx.Head; at != head; at = tx.Ring.Next(at))
        {
            tx.Ring.Slots[(int)at].Length = 60;
        }

        Assert.True(tx.TryAdvance(head, head));
        Assert.Equal(SyncStatus.Dry, port.TxSync(tx, uint.MaxValue));
        return tx.Counters.Packets - before;
    }
}
