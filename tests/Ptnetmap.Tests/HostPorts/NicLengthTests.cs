using Ptnetmap.Client;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Frames of every length over a real veth: all that the wire can have arrive whole, the others are
/// counted.</summary>
public class NicLengthTests
{
    private const int Shortest = 14;
    private const int Longest = 1500 + 14 + 4;
    private const int Burst = 60;

    [Theory]
    [InlineData(NicMode.Copy)]
    [InlineData(NicMode.Generic)]
    public void All_lengths_from_0_to_more_than_the_MTU(NicMode mode)
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: 1024, options: usual => usual with { Wanted = mode });
        NetmapPort left = bed.Attach(bed.Left);
        NetmapPort right = bed.Attach(bed.Right);
        VethBed.AwaitBuffers(bed.Right);
        foreach (int[] lengths in Enumerable.Range(0, Longest + 10).Chunk(Burst))
        {
            byte[][] frames = [.. lengths.Select(Frame)];
            VethBed.Send(left, frames);
            byte[][] wanted = [.. frames.Where(frame => frame.Length is >= Shortest and <= Longest)];
            Assert.Equal(wanted, VethBed.Receive(right, wanted.Length));
        }

        VethBed.Await(() => bed.Left.TxRings[0].Counters.Drops.Total == Shortest + 9, "the last drops");
        RingCounters counters = bed.Left.TxRings[0].Counters;
        Assert.Equal((Shortest, 9), (counters.Drops.Of(DropReason.Runt), counters.Drops.Of(DropReason.Oversize)));
        Assert.Equal(Longest + 1 - Shortest, counters.Packets);
        Assert.Equal(counters.Packets, bed.Right.RxRings[0].Counters.Packets);
        Assert.Equal(0, bed.Left.CopiedBytes + bed.Right.CopiedBytes);
    }

    private static byte[] Frame(int length)
    {
        byte[] frame = new byte[length];
        Random.Shared.NextBytes(frame);
        if (length >= Shortest)
        {
            ((byte[])[2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 0x88, 0xB5]).CopyTo(frame, 0);
        }

        return frame;
    }
}
