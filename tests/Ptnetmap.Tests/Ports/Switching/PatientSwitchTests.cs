using CsCheck;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>As long as receivers take their packets, a switch with patience loses none, and keeps each sender's
/// order: whatever the rings' and buffers' sizes, headers and fragments, and whoever comes first.</summary>
public sealed class PatientSwitchTests
{
    private const int Ports = 4;
    private static readonly byte[] EmptyHeader = new byte[VnetHeader.Length];

    private static readonly Gen<Step> AnyStep = Gen.Select(
        Gen.Int[0, Ports - 1], Gen.Int[-1, Ports - 1], Gen.Int[20, 300], Gen.Int[1, 3],
        Gen.Int[0, 30].Select(turn => turn == 0),
        (from, to, length, fragments, takes) => new Step(from, to, length, fragments, takes));

    [Fact]
    public void Nothing_is_lost_and_each_sender_s_order_stays() => Gen
        .Select(Gen.Int[6, 8].Array[Ports], Gen.Bool.Array[Ports], Gen.Bool.Array[Ports], AnyStep.List[1, 1500])
        .Sample(
            (slots, small, headers, steps) => Run(slots, small, headers, steps),
            iter: 40);

    private static void Run(int[] slots, bool[] small, bool[] headers, List<Step> steps)
    {
        using var bed = new SwitchBed(TimeSpan.FromHours(1));
        BedPort[] ports =
        [
            .. Enumerable.Range(0, Ports).Select(i => bed.Add(
                1 << slots[i], small[i] ? 128 : 2112, headerLength: headers[i] ? VnetHeader.Length : 0)),
        ];
        for (int i = 0; i < Ports; i++)
        {
            Assert.True(bed.Table.TryAddStatic(Frame.Address(i), ports[i].Number));
        }

        var run = new PatientRun(ports);
        foreach (Step step in steps)
        {
            run.Put(step);
            if (step.Takes)
            {
                run.Take(step.From);
            }
        }

        run.Finish();
    }

    private readonly record struct Step(int From, int To, int Length, int Fragments, bool Takes);

    private sealed class PatientRun(BedPort[] ports)
    {
        private readonly List<string>[,] _sent = Lists();
        private readonly List<string>[,] _got = Lists();
        private int _seed;

        public void Put(Step step)
        {
            BedPort from = ports[step.From];
            Kring tx = from.Port.TxRings[0];
            byte[] frame = Frame.Make(step.To, step.From, step.Length, ++_seed);
            byte[] packet = from.Port.VnetHeaderLength == 0 ? frame : [.. EmptyHeader, .. frame];
            int size = (int)from.Port.Region.Buffers.BufferSize;
            int pieces = Math.Max(step.Fragments, (packet.Length + size - 1) / size);
            int first = Math.Max(packet.Length / pieces, Math.Min(packet.Length - pieces + 1, 30));
            int each = Math.Max(1, (packet.Length - first + pieces - 2) / Math.Max(1, pieces - 1));
            var lengths = new List<int> { pieces == 1 ? packet.Length : first };
            for (int left = packet.Length - lengths[0]; left > 0; left -= each)
            {
                lengths.Add(Math.Min(left, each));
            }

            if (tx.Pending + lengths.Count >= tx.SlotCount || lengths.Exists(length => length > size))
            {
                _ = from.Sync();
                return;
            }

            from.PutFragments(packet, [.. lengths]);
            for (int to = 0; to < ports.Length; to++)
            {
                if (to != step.From && (step.To < 0 || step.To == to) && Fits(ports[to], frame.Length))
                {
                    _sent[step.From, to].Add(Convert.ToHexString(frame));
                }
            }
        }

        public void Take(int port)
        {
            foreach (Received packet in ports[port].Take())
            {
                byte[] frame = packet.Bytes[ports[port].Port.VnetHeaderLength..];
                _got[frame[11], port].Add(Convert.ToHexString(frame));
            }
        }

        public void Finish()
        {
            for (int round = 0; Array.Exists(ports, port => port.Port.TxRings[0].Pending != 0); round++)
            {
                Assert.True(round < 10_000, "packets wait though there is space");
                Array.ForEach(ports, port => port.Sync());
                TakeAll();
            }

            TakeAll();
            Assert.Equal(_sent.Cast<List<string>>(), _got.Cast<List<string>>());
            Assert.All(ports, port => Assert.Equal(0, port.Drops(DropReason.NoSpace)));
        }

        private void TakeAll()
        {
            for (int i = 0; i < ports.Length; i++)
            {
                Take(i);
            }
        }

        // A packet that a whole ring cannot hold is never taken.
        private static bool Fits(BedPort to, int length)
        {
            uint size = to.Port.Region.Buffers.BufferSize;
            return (to.Port.VnetHeaderLength + length + size - 1) / size < to.Port.TxRings[0].SlotCount;
        }

        private static List<string>[,] Lists()
        {
            var lists = new List<string>[Ports, Ports];
            for (int i = 0; i < Ports * Ports; i++)
            {
                lists[i / Ports, i % Ports] = [];
            }

            return lists;
        }
    }
}
