using CsCheck;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>A switch with VLANs against <see cref="VlanModel"/>: access ports and trunks of all kinds, with and without
/// virtio-net headers, rings and buffers of several sizes; frames with all kinds of tags, in one slot or many. Every
/// byte and counter.</summary>
public class VlanModelTests
{
    private static readonly int[] All = [.. Enumerable.Range(1, 4094)];

    private static readonly byte[][] Tags =
    [
        [], [0x81, 0, 0, 10], [0x81, 0, 0x60, 20], [0x81, 0, 0, 30], [0x81, 0, 0xE0, 0], [0x81, 0, 0x2F, 0xFF],
        [0x81, 0, 0, 1],
        [0x88, 0xA8, 0, 10, 0x81, 0, 0, 20], [0x81, 0, 0, 10, 0x81, 0, 0, 20], [0x81, 0, 0x70, 10, 0x88, 0xA8, 0, 20],
    ];

    // In bytes of the frame; a sender's header is added to the first.
    private static readonly Gen<int[]> Slots = Gen.Frequency(
        (10, Gen.Int[14, 70].Array[1]),
        (6, Gen.Int[56, 66].Array[1]),
        (6, Gen.Int[14, 1500].Array[1]),
        (2, Gen.Int[0, 20].Array[1, 3]),
        (3, Gen.Int[2080, 2112].Array[1]),
        (3, Gen.Int[14, 64].Array[2, 9]),
        (2, Gen.Int[1900, 2112].Array[2, 4]),
        (1, Gen.Int[14, 20].Array[60, 67]));

    // A bit for each port that takes what it has: few do, so that rings fill.
    private static readonly Gen<int> Take =
        Gen.Select(Gen.Int[0, 255], Gen.Int[0, 255], Gen.Int[0, 255], (first, second, third) => first & second & third);

    [Fact]
    public void It_does_what_the_model_does()
    {
        long delivered = 0;
        long[] dropped = new long[DropCounters.Length];
        Gen<VlanPacket> packet =
            from slots in Slots
            from to in Gen.Int[Frame.Everyone, 7]
            from @from in Gen.Int[0, 7]
            from tags in Gen.Int[0, Tags.Length - 1].Select(which => Tags[which])
            from learn in Gen.Int[0, 7]
            from forced in Gen.Int[-30, 8]
            from seed in Gen.Int[0, 255]
            from checksum in Gen.Bool
            from hint in Gen.Int[-60, 60].Select(bytes => Math.Max(0, bytes))
            select new VlanPacket(to, @from, tags, slots, learn != 0, Math.Max(0, forced), seed, checksum, hint);
        Gen.Select(Gen.Int[0, 7], packet.Array[0, 40], Take).Array[5, 20].Sample(
            steps =>
            {
                (long some, long[] lost) = Run(steps);
                Interlocked.Add(ref delivered, some);
                for (int i = 0; i < lost.Length; i++)
                {
                    Interlocked.Add(ref dropped[i], lost[i]);
                }
            },
            iter: 60);
        DropReason[] poor =
        [
            .. new[]
            {
                DropReason.Tagged,
                DropReason.Untagged,
                DropReason.ForeignVlan,
                DropReason.NoDestination,
                DropReason.NoSpace,
            }
                .Where(reason => dropped[(int)reason] < 20),
        ];
        Assert.True(delivered > 1000 && poor.Length == 0,
            $"{delivered} delivered; dropped {string.Join(' ', dropped)}: poor samples");
    }

    private static VlanModelPort[] Ports() =>
    [
        new(Access: 10, [], 0, 67, 2112, 0),
        new(Access: 10, [], 0, 68, 256, 12),
        new(Access: 20, [], 0, 80, 64, 0),
        new(0, [10, 20], 0, 66, 2112, 0),
        new(0, [10, 20, 30], 0, 67, 2112, 12),
        new(0, [20, 30], Native: 10, 68, 4096, 0),
        new(0, All, Native: 1, 66, 2112, 0),
        new(0, [20], Native: 10, 70, 128, 12),
    ];

    private static PortVlans? Settings(VlanModelPort port) => port switch
    {
        { Access: not 0 } => PortVlans.Access(port.Access),
        _ when port.Trunk == All => null,
        _ => PortVlans.Trunk(port.Trunk.Select(vlan => new VlanRange(vlan, vlan)), port.Native),
    };

    private static (long Delivered, long[] Dropped) Run((int Port, VlanPacket[] Packets, int Take)[] steps)
    {
        using var bed = new SwitchBed();
        VlanModelPort[] expected = Ports();
        BedPort[] ports =
        [
            .. expected.Select(port =>
                bed.Add(port.Slots, port.BufferSize, headerLength: port.HeaderLength, vlans: Settings(port))),
        ];
        var model = new VlanModel(expected);
        foreach ((int port, VlanPacket[] packets, int take) in steps)
        {
            VlanPacket[] putable = Putable(expected[port], packets);
            Array.ForEach(putable, packet => Put(ports[port], packet));
            Assert.Equal(SyncStatus.Dry, ports[port].Sync());
            model.Send(expected[port], putable);
            TakeSome(ports, expected, take);
        }

        TakeSome(ports, expected, which: 255);
        for (int i = 0; i < ports.Length; i++)
        {
            RingCounters counters = ports[i].Port.TxRings[0].Counters;
            Assert.Equal(expected[i].Drops,
                Enumerable.Range(0, DropCounters.Length).Select(reason => counters.Drops.Of((DropReason)reason)));
            Assert.Equal((expected[i].Sent, expected[i].Bytes),
                (counters.Packets, ports[i].Port.RxRings[0].Counters.Bytes));
        }

        return (ports.Sum(port => port.Port.RxRings[0].Counters.Packets),
            [.. Enumerable.Range(0, DropCounters.Length).Select(reason => expected.Sum(port => port.Drops[reason]))]);
    }

    // With the sender's header before the frame, and only what fits into its buffers and its ring at once, which is one
    // batch.
    private static VlanPacket[] Putable(VlanModelPort port, VlanPacket[] packets)
    {
        int left = port.Slots - 1;
        return
        [
            .. packets
                .Select(packet => packet with { Slots = [packet.Slots[0] + port.HeaderLength, .. packet.Slots[1..]] })
                .Where(packet => Array.TrueForAll(packet.Slots, length => length <= port.BufferSize))
                .TakeWhile(packet => (left -= packet.Slots.Length) >= 0),
        ];
    }

    private static void Put(BedPort port, VlanPacket packet)
    {
        int headerLength = port.Port.VnetHeaderLength;
        byte[] frame = packet.Frame(headerLength);
        byte[] header = packet.Header(frame)[..headerLength];
        port.PutFragments(
            [.. header, .. frame], packet.Slots,
            (packet.Learn ? 0 : SlotFlags.NoLearn) | (SlotFlags)(packet.ForcedPort << 8));
    }

    private static void TakeSome(BedPort[] ports, VlanModelPort[] expected, int which)
    {
        for (int i = 0; i < ports.Length; i++)
        {
            if ((which >> i & 1) != 0)
            {
                Assert.Equal(expected[i].Queue.Select(Convert.ToHexString), ports[i].Take().Select(got => got.Hex));
                expected[i].Queue.Clear();
                expected[i].UsedSlots = 0;
            }
        }
    }
}
