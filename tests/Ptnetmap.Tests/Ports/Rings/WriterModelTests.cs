using CsCheck;

namespace Ptnetmap.Tests.Ports.Rings;

/// <summary>The writers of receive rings against a list of slots: any rings, buffers, packets and users.</summary>
public class WriterModelTests
{
    private static readonly Gen<int[]> Fragments = Gen.Frequency(
        (6, Gen.Int[1, 3000].Array[1]),
        (3, Gen.Int[0, 300].Array[1, 9]),
        (1, Gen.Int[0, 64].Array[50, NetmapAbi.MaxFragments]));

    private static readonly Gen<Action<WriterBed>> Step = Gen.Frequency(
        (4, Gen.Int[1, 9000].Select(length => new Action<WriterBed>(bed => bed.Put(length)))),
        (4, Gen.Select(Gen.Int[1, NetmapAbi.MaxFragments], Gen.Int[1, 1000],
            (slots, part) => new Action<WriterBed>(bed => bed.Scatter(slots, part)))),
        (4, Gen.Select(Fragments, Fragments, Gen.Bool,
            (one, two, swap) => new Action<WriterBed>(bed => bed.Lay(one, two, swap)))),
        (4, Gen.Int[0, 2000].Array[1, 60].Select(lengths => new Action<WriterBed>(bed => bed.Copy(lengths)))),
        (2, Gen.Int[32, 64].Array[1, 60].Select(lengths => new Action<WriterBed>(bed => bed.Copy(lengths)))),
        (3, Gen.UInt[0, 70].Select(ahead => new Action<WriterBed>(bed => bed.Spoil(ahead)))),
        (4, Gen.Const(new Action<WriterBed>(bed => bed.Take()))));

    [Fact]
    public void They_do_what_the_model_does()
    {
        long packets = 0;
        long spoilt = 0;
        long missed = 0;
        Gen.Select(Gen.Int[NetmapAbi.MinSlots, 200], Gen.Int[1, 33], Step.Array[1, 40]).Sample(
            (slots, lines, steps) =>
            {
                using var bed = new WriterBed(slots, bufferSize: lines * 64);
                foreach (Action<WriterBed> step in steps)
                {
                    step(bed);
                }

                bed.Take();
                Assert.Equal(
                    (bed.Packets, bed.Bytes, bed.Spoilt, bed.Spoilt, bed.Missed),
                    (bed.Rx.Counters.Packets, bed.Rx.Counters.Bytes, bed.Rx.Counters.SpoiledSlots,
                        bed.Rx.Counters.Violations, bed.Rx.Counters.Missed));
                Interlocked.Add(ref packets, bed.Packets);
                Interlocked.Add(ref spoilt, bed.Spoilt);
                Interlocked.Add(ref missed, bed.Missed);
            },
            iter: 200);
        Assert.True(packets > 1000 && spoilt > 100 && missed > 100,
            $"{packets} packets, {spoilt} spoilt, {missed} missed: poor samples");
    }
}
