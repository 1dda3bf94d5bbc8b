using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

public class VlanAllocationTests
{
    [Fact]
    public void A_pass_that_puts_tags_in_and_takes_them_out_allocates_nothing()
    {
        using var bed = new SwitchBed();
        BedPort trunk = bed.Add(vlans: PortVlans.Trunk([new VlanRange(10, 20)]));
        BedPort access = bed.Add(vlans: PortVlans.Access(10));
        BedPort other = bed.Add(headerLength: VnetHeader.Length, vlans: PortVlans.Access(10));
        byte[] tagged = Frame.Make(Frame.Everyone, 1, vlan: 10);
        byte[] untagged = Frame.Make(Frame.Everyone, 2);
        byte[] foreign = Frame.Make(Frame.Everyone, 1, vlan: 30);
        Rounds(5);

        Assert.Equal(0, Rounds(500));
        Assert.True(other.Port.RxRings[0].Counters.Packets >= 1010);

        long Rounds(int count)
        {
            long allocated = 0;
            for (int i = 0; i < count; i++)
            {
                trunk.Put(tagged);
                trunk.Put(foreign);
                access.Put(untagged);
                long before = GC.GetAllocatedBytesForCurrentThread();
                trunk.Sync();
                access.Sync();
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                foreach (DirectClient client in (DirectClient[])[trunk.Clients[0], access.Clients[0], other.Clients[0]])
                {
                    client.Head = client.Tail;
                }
            }

            return allocated;
        }
    }
}
