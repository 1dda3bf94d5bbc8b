using Ptnetmap.Memory;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Tests.Memory;

namespace Ptnetmap.Tests.Qemu;

/// <summary>A guest that starts and stops its port again and again costs itself time, and nobody a collection: what is
/// done each time makes garbage of a size that the number of slots does not change.</summary>
public class StartStopTests
{
    private const int Slots = 512;
    private const int Rounds = 10;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Mending_a_port_allocates_nothing_after_the_first_time(bool broken)
    {
        using MemoryRegion region = Regions.Create(ports: 2, slots: Slots);
        using PortMemory port = PortMemory.Open(region, "port", PortShape.Symmetric(1, Slots));
        using PortMemory other = PortMemory.Open(region, "other", PortShape.Symmetric(1, Slots));
        Assert.Equal(0, port.Repair());
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < Rounds; i++)
        {
            if (broken)
            {
                port.TxRings[0].Slots[i].BufferIndex = port.TxRings[0].Slots[i + 1].BufferIndex;
                port.RxRings[0].Slots[i].BufferIndex = uint.MaxValue;
            }

            _ = port.Repair();
        }

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void Starting_and_stopping_allocates_no_more_for_many_slots_than_for_few()
    {
        _ = AllocatedByStartAndStop(64);
        Assert.InRange(AllocatedByStartAndStop(16_384), 0, 32 << 10);
    }

    private static long AllocatedByStartAndStop(int slots)
    {
        using var bed = new QemuBed(ringPairs: 2, slots: slots);
        using var ram = new GuestRam();
        using var client = new HandClient(bed.Ptnet);
        Assert.Equal(Errno.None, client.Map(GuestRam.Base, (ulong)GuestRam.Size, ram.File));
        _ = client.SetRegister(56, (uint)GuestRam.AtokAt);
        _ = client.SetRegister(64, (uint)GuestRam.KtoaAt);
        long before = 0;
        for (int i = 0; i <= Rounds; i++)
        {
            // The first time makes what is kept.
            before = i == 1 ? GC.GetAllocatedBytesForCurrentThread() : before;
            Assert.Equal(Errno.None, client.SetRegister(4, 1));
            Assert.Equal(Errno.None, client.SetRegister(4, 2));
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / Rounds;
    }
}
