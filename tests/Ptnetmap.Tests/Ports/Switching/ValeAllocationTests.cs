namespace Ptnetmap.Tests.Ports.Switching;

public class ValeAllocationTests
{
    private static readonly int[] Fragments = [20, 20, 20];

    [Theory]
    [InlineData(Frame.Everyone, 0)]
    [InlineData(20, 0)]
    [InlineData(20, (int)SlotFlags.NoLearn)]
    [InlineData(20, (int)SlotFlags.MoreFragments)]
    [InlineData(20, (int)SlotFlags.Indirect)]
    public void A_pass_allocates_nothing(int to, int flags)
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b, BedPort c) = (bed.Add(), bed.Add(), bed.Add(bufferSize: 64));
        b.Send(Frame.Everyone, from: 20);
        byte[] frame = Frame.Make(to, 10);
        Rounds(5);

        Assert.Equal(0, Rounds(500));
        Assert.True(a.Port.TxRings[0].Counters.Packets + a.Port.TxRings[0].Counters.Drops.Total >= 505);

        long Rounds(int count)
        {
            long allocated = 0;
            for (int i = 0; i < count; i++)
            {
                if (flags == (int)SlotFlags.MoreFragments)
                {
                    a.PutFragments(frame, Fragments);
                }
                else
                {
                    a.Put(frame, (SlotFlags)flags);
                }

                bed.Clock.Advance(TimeSpan.FromMilliseconds(500));
                long before = GC.GetAllocatedBytesForCurrentThread();
                a.Sync();
                allocated += GC.GetAllocatedBytesForCurrentThread() - before;
                b.Clients[0].Head = b.Clients[0].Tail;
                c.Clients[0].Head = c.Clients[0].Tail;
            }

            return allocated;
        }
    }
}
