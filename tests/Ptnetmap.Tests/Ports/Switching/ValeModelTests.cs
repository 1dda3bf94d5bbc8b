using CsCheck;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>The switch against <see cref="ModelSwitch"/>: any packets, rings of any length, buffers of several
/// sizes.</summary>
public class ValeModelTests
{
    private static readonly (int Slots, int BufferSize, bool Attached)[] Shapes =
        [(67, 2112, true), (64, 256, true), (130, 64, true), (200, 4096, true), (70, 2112, false)];

    private static readonly Gen<int[]> Lengths = Gen.Frequency(
        (12, Gen.Int[14, 64].Array[1]),
        (2, Gen.Int[0, 64].Array[1]),
        (3, Gen.Int[60, 64].Array[2, 9]),
        (1, Gen.Int[14, 20].Array[60, 67]),
        (1, Gen.Int[0, 40].Array[1, 9]));

    private static readonly Gen<int[]> LongLengths = Gen.Frequency(
        (12, Gen.Int[14, 1500].Array[1]),
        (3, Gen.Int[14, 600].Array[1, 6]),
        (1, Gen.Int[1900, 2112].Array[2, 4]));

    [Fact]
    public void It_does_what_the_model_does()
    {
        long delivered = 0;
        long dropped = 0;
        Gen<ModelPacket> packet =
            from large in Gen.Bool
            from lengths in large ? LongLengths : Lengths
            from to in Gen.Int[Frame.Everyone, 7]
            from @from in Gen.Int[0, 7]
            from learn in Gen.Int[0, 7]
            from forced in Gen.Int[-30, 7]
            from seed in Gen.Int[0, 255]
            select new ModelPacket(to, @from, lengths, learn != 0, Math.Max(0, forced), seed);
        Gen<Step> step =
            from port in Gen.Int[0, 4]
            from packets in packet.Array[0, 30]
            from wait in Gen.Int[-40, 12]
            from take in Gen.Int[0, 31]
            select new Step(port, packets, Math.Max(0, wait), take);
        step.Array[1, 25].Sample(
            steps =>
            {
                (long some, long lost) = Run(steps);
                Interlocked.Add(ref delivered, some);
                Interlocked.Add(ref dropped, lost);
            },
            iter: 300);
        Assert.True(delivered > 1000 && dropped > 1000, $"{delivered} delivered, {dropped} dropped: poor samples");
    }

    private static (long Delivered, long Dropped) Run(Step[] steps)
    {
        using var bed = new SwitchBed();
        BedPort[] ports = [.. Shapes.Select(shape => bed.Add(shape.Slots, shape.BufferSize, attach: shape.Attached))];
        ModelPort[] expected =
            [.. Shapes.Select(shape => new ModelPort(shape.Slots, shape.BufferSize, shape.Attached))];
        var model = new ModelSwitch(expected);
        foreach (Step step in steps)
        {
            bed.Clock.Advance(TimeSpan.FromSeconds(step.Wait));
            model.Now += step.Wait;
            ModelPacket[] packets = Putable(ports[step.Port], step.Packets);
            foreach (ModelPacket packet in packets)
            {
                SlotFlags flags = (packet.Learn ? 0 : SlotFlags.NoLearn) | (SlotFlags)(packet.ForcedPort << 8);
                ports[step.Port].PutFragments(packet.Bytes, packet.Fragments, flags);
            }

            Assert.Equal(SyncStatus.Dry, ports[step.Port].Sync());
            model.Send(step.Port, packets);
            TakeSome(ports, expected, step.Take);
        }

        TakeSome(ports, expected, which: 31);
        for (int i = 0; i < ports.Length; i++)
        {
            RingCounters counters = ports[i].Port.TxRings[0].Counters;
            Assert.Equal(expected[i].Drops, Enumerable.Range(0, DropCounters.Length).Select(
                reason => counters.Drops.Of((DropReason)reason)));
            Assert.Equal(expected[i].Sent, counters.Packets);
        }

        return (ports.Sum(port => port.Port.RxRings[0].Counters.Packets), expected.Sum(port => port.Drops.Sum()));
    }

    // What fits into the sender's buffers and its ring at once, which is one batch.
    private static ModelPacket[] Putable(BedPort port, ModelPacket[] packets)
    {
        int left = (int)port.Port.TxRings[0].SlotCount - 1;
        int size = (int)port.Port.Region.Buffers.BufferSize;
        return [.. packets.Where(packet => Array.TrueForAll(packet.Fragments, length => length <= size))
            .TakeWhile(packet => (left -= packet.Fragments.Length) >= 0)];
    }

    private static void TakeSome(BedPort[] ports, ModelPort[] expected, int which)
    {
        for (int i = 0; i < ports.Length; i++)
        {
            if ((which >> i & 1) != 0 && expected[i].Attached)
            {
                Assert.Equal(expected[i].Queue.Select(Convert.ToHexString), ports[i].Take().Select(got => got.Hex));
                expected[i].Queue.Clear();
                expected[i].UsedSlots = 0;
            }
        }
    }

    private sealed record Step(int Port, ModelPacket[] Packets, int Wait, int Take)
    {
        public override string ToString() => $"{Environment.NewLine}port {Port} wait {Wait} take {Take}: " +
            string.Join("; ", Packets.Select(packet => packet.ToString()));
    }
}
