using Ptnetmap.Client;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Client;

/// <summary>A packet of several slots is one packet for every program, whatever it looks at.</summary>
public sealed class FragmentedPacketTests
{
    private const int Length = 300;

    public static TheoryData<string> Modes => ["slots", "verify", "latency", "sources", "sources, verified"];

    [Theory]
    [MemberData(nameof(Modes))]
    public void A_receiver_counts_packets_and_not_slots(string mode)
    {
        using var host = new HandHost();
        Receiver receiver = Receive(host, mode);

        // Around the ring's end several times, in steps that end within a packet.
        for (uint i = 0; i < 100; i++)
        {
            Fill(host, i, pieces: [0, 1]);
            host.Show();
            Assert.True(receiver.Step());
            Fill(host, i, pieces: [2]);
            host.FillTest(i, source: MacAddress.Local(21));
            host.Show();
            while (receiver.Step())
            {
            }
        }

        GuestCounters seen = receiver.Counters;
        Assert.Equal((200, 100L * (Length + 60)), (seen.Packets, seen.Bytes));
        Assert.Equal((0, 0, 0), (seen.BadSlots, seen.Damaged, seen.Lost));
        Assert.Equal(mode.Contains("verif", StringComparison.Ordinal) || mode == "latency" ? 100 : 0, seen.Duplicated);
    }

    [Fact]
    public void A_damaged_fragment_damages_its_packet_and_no_other()
    {
        using var host = new HandHost();
        Receiver receiver = Receive(host, "verify");
        for (uint i = 0; i < 3; i++)
        {
            Fill(host, i, pieces: [0, 1, 2]);
        }

        host.Region.Buffers[host.Rx.Slots[4].BufferIndex][10] ^= 1;
        host.Rx.Slots[7].BufferIndex = uint.MaxValue;
        host.Show();
        Assert.True(receiver.Step());
        GuestCounters seen = receiver.Counters;
        Assert.Equal((3, 1, 1), (seen.Packets, seen.Damaged, seen.BadSlots));
        Assert.Equal(0, seen.Duplicated + seen.Reordered);
    }

    [Fact]
    public void A_packet_longer_than_any_frame_is_damaged_and_the_next_one_is_sound()
    {
        using var host = new HandHost(slots: 1024);
        Receiver receiver = Receive(host, "verify");
        for (int i = 0; i < 600; i++)
        {
            host.Fill(new byte[128], i == 599 ? SlotFlags.None : SlotFlags.MoreFragments);
        }

        host.FillTest(0);
        host.Show();
        Assert.True(receiver.Step());
        Assert.Equal((2, 1, 0), (receiver.Counters.Packets, receiver.Counters.Damaged, receiver.Counters.Lost));
    }

    [Theory]
    [InlineData("echo")]
    [InlineData("swap")]
    [InlineData("copy")]
    public void Who_passes_packets_on_counts_packets_and_changes_nothing_behind_the_addresses(string program)
    {
        using var host = new HandHost();
        using var other = new HandHost();
        NetmapPort port = host.Open();
        RingPairProgram passes = program switch
        {
            "echo" => new Echo(port),
            "swap" => new Forwarder(port.RxRings[0], port.TxRings[0]),
            _ => new Forwarder(port.RxRings[0], other.Open().TxRings[0]),
        };
        byte[] expected = Make(5);
        for (int i = 0; i < 2; i++)
        {
            Fill(host, 5, pieces: [0, 1, 2]);
        }

        host.Show();
        while (passes.Step())
        {
        }

        Assert.Equal(2, passes.Counters.Packets);
        HandHost target = program == "copy" ? other : host;
        byte[] sent =
            [.. target.Take(3).SelectMany(slot => target.Region.Buffers[slot.BufferIndex][..slot.Length].ToArray())];
        Assert.Equal(expected[12..], sent[12..]);
        Assert.Equal(program == "echo" ? [.. expected[6..12], .. expected[..6]] : expected[..12], sent[..12]);
    }

    private static Receiver Receive(HandHost host, string mode) => new(host.Open(), new ReceiverOptions
    {
        Verify = mode.Contains("verif", StringComparison.Ordinal),
        Latency = mode == "latency",
        Sources = mode.StartsWith("sources", StringComparison.Ordinal) ? [MacAddress.Local(21)] : [],
    });

    private static byte[] Make(ulong sequence)
    {
        var template = new FrameTemplate(Length, MacAddress.Local(20), MacAddress.Local(21));
        byte[] frame = new byte[template.Footprint];
        template.Write(frame, sequence, timestamp: 0);
        return frame[..Length];
    }

    // Some of the three slots of a frame: 128 bytes, 100, and the rest.
    private static void Fill(HandHost host, ulong sequence, params ReadOnlySpan<int> pieces)
    {
        int[] ends = [0, 128, 228, Length];
        byte[] frame = Make(sequence);
        foreach (int piece in pieces)
        {
            host.Fill(frame.AsSpan()[ends[piece]..ends[piece + 1]],
                piece == 2 ? SlotFlags.None : SlotFlags.MoreFragments);
        }
    }
}
