using System.Net.NetworkInformation;
using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Tests.Client;
using Ptnetmap.Tests.Linux.Net;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Traffic;

public sealed class TapTests
{
    private static readonly byte[] OurMac = [0x02, 0, 0, 0, 0, 1];
    private static readonly byte[] TapMac = [0x02, 0, 0, 0, 0, 2];

    // Who has 192.168.7.1? Tell 192.168.7.9.
    private static readonly byte[] Question =
    [
        0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, .. OurMac, 8, 6, 0, 1, 8, 0, 6, 4, 0, 1, .. OurMac, 192, 168, 7, 9,
        0, 0, 0, 0, 0, 0, 192, 168, 7, 1,
    ];

    [Fact]
    public void The_kernel_answers_what_comes_in_at_the_port_and_its_answer_goes_out_there() => OwnNetwork.Run(() =>
    {
        using var host = new HandHost(bufferSize: 2112);
        NetmapPort port = host.Open();
        using TapDevice tap = UpWithAddress();
        using var reader = new TapReader(tap, port.TxRings[0]);
        var writer = new TapWriter(port.RxRings[0], tap);
        host.Fill(Question);
        host.Show();
        Assert.True(writer.Step());
        Assert.Equal((1, 42, 0), (writer.Counters.Packets, writer.Counters.Bytes, writer.Refused));
        Assert.Equal(1u, host.RxCsb.ReadHeadAcquire());
        ReadOnlySpan<byte> answer = WaitForFrame(host, reader, type: 0x0806);
        Assert.Equal(OurMac, answer[..6].ToArray());
        Assert.Equal(TapMac, answer[6..12].ToArray());
        Assert.Equal(2, answer[21]);
        Assert.Equal(TapMac, answer[22..28].ToArray());
    });

    [Fact]
    public void Frames_that_the_kernel_refuses_are_counted_and_given_back() => OwnNetwork.Run(() =>
    {
        using var host = new HandHost();
        NetmapPort port = host.Open();
        using TapDevice down = TapDevice.Create("ptap%d");
        var writer = new TapWriter(port.RxRings[0], down);
        host.Fill(Question);
        host.Fill([]);
        host.Show();
        Assert.True(writer.Step());
        Assert.Equal((0, 2), (writer.Counters.Packets, writer.Refused));
        Assert.Equal(2u, host.RxCsb.ReadHeadAcquire());
    });

    [Fact]
    public void A_packet_in_fragments_reaches_the_kernel_whole() => OwnNetwork.Run(() =>
    {
        using var host = new HandHost(bufferSize: 2112);
        NetmapPort port = host.Open();
        using TapDevice tap = UpWithAddress();
        using var reader = new TapReader(tap, port.TxRings[0]);
        var writer = new TapWriter(port.RxRings[0], tap);
        host.Fill(Question.AsSpan(0, 20), SlotFlags.MoreFragments);
        host.Show();
        Assert.False(writer.Step());
        host.Fill(Question.AsSpan(20));
        host.Show();
        _ = port.RxRings[0].Refresh();
        Assert.True(writer.Step());
        Assert.Equal(42, writer.Counters.Bytes);
        Assert.Equal(2, WaitForFrame(host, reader, type: 0x0806)[21]);
    });

    [Fact]
    public void Offloads_go_only_with_a_header() => Assert.Throws<ArgumentException>(
        () => TapDevice.Create("ptap%d", new TapOptions { Offloads = TapOffloads.Checksum }));

    [Fact]
    public void A_port_whose_buffers_are_too_small_for_64_KB_is_refused_with_the_way_out() => OwnNetwork.Run(() =>
    {
        using var host = new HandHost(bufferSize: 1024);
        NetmapPort port = host.Open();
        using TapDevice tap = TapDevice.Create("ptap%d", new TapOptions { VnetHeader = true });
        string message = Assert.Throws<LinuxException>(() => new TapReader(tap, port.TxRings[0])).Message;
        Assert.Contains("--no-offloads", message, StringComparison.Ordinal);
    });

    [Fact]
    public void With_a_header_the_kernel_is_given_one_and_gives_one() => OwnNetwork.Run(() =>
    {
        using var host = new HandHost(bufferSize: 2112);
        NetmapPort port = host.Open();
        using TapDevice tap = UpWithAddress(new TapOptions { VnetHeader = true, Offloads = TapOffloads.Checksum });
        using var reader = new TapReader(tap, port.TxRings[0]);
        var writer = new TapWriter(port.RxRings[0], tap);
        host.Fill([.. new byte[12], .. Question]);
        host.Fill([1, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 0, 0, .. Question]);
        host.Show();
        Assert.True(writer.Step());
        Assert.Equal((1, 42, 1), (writer.Counters.Packets, writer.Counters.Bytes, writer.Refused));
        Assert.Equal(2, WaitForFrame(host, reader, type: 0x0806, headerLength: 12)[21]);
    });

    [Fact]
    public void A_packet_with_a_fragment_that_a_partner_spoiled_or_too_many_is_refused_whole() => OwnNetwork.Run(() =>
    {
        using var host = new HandHost(slots: 256, bufferSize: 2112);
        NetmapPort port = host.Open();
        using TapDevice tap = UpWithAddress();
        var writer = new TapWriter(port.RxRings[0], tap);
        host.Fill(Question.AsSpan(0, 20), SlotFlags.MoreFragments);
        host.Fill(Question.AsSpan(20));
        host.Rx.Slots[1].Word = new SlotWord(uint.MaxValue, 22, SlotFlags.None);
        for (int i = 0; i <= NetmapAbi.MaxFragments; i++)
        {
            host.Fill(Question.AsSpan(0, 1), i == NetmapAbi.MaxFragments ? SlotFlags.None : SlotFlags.MoreFragments);
        }

        host.Fill(Question);
        host.Show();
        Assert.True(writer.Step());
        Assert.Equal((1, 2), (writer.Counters.Packets, writer.Refused));
        Assert.Equal(NetmapAbi.MaxFragments + 4u, host.RxCsb.ReadHeadAcquire());
    });

    [Fact]
    public void Slots_up_to_one_that_a_partner_spoiled_go_empty_and_what_the_kernel_sends_goes_behind_them() =>
        OwnNetwork.Run(() =>
        {
            using var host = new HandHost(slots: 256, bufferSize: 2112);
            NetmapPort port = host.Open();
            using TapDevice tap = UpWithAddress(new TapOptions { VnetHeader = true, Offloads = TapOffloads.Checksum });

            // One at a time: the kernel may have sent a frame of its own by now.
            using var reader = new TapReader(tap, port.TxRings[0], burst: 1);
            var writer = new TapWriter(port.RxRings[0], tap);
            host.Tx.Slots[2].Word = new SlotWord(uint.MaxValue, 0, SlotFlags.None);
            Assert.True(reader.Step());
            Assert.Equal((0L, 1L), (reader.Counters.Packets, reader.Counters.BadSlots));
            SlotWord[] first = host.Take(3);
            Assert.All(first, word => Assert.Equal(0, word.Length));
            host.Fill([.. new byte[12], .. Question]);
            host.Show();
            Assert.True(writer.Step());
            Assert.Equal(2, WaitForFrame(host, reader, type: 0x0806, headerLength: 12)[21]);
        });

    [Fact]
    public void The_interface_has_the_ports_address_and_is_gone_when_closed() => OwnNetwork.Run(() =>
    {
        using (TapDevice tap = UpWithAddress())
        {
            Assert.Equal("020000000002", Find(tap.Name)!.GetPhysicalAddress().ToString());
        }

        // A program that another test starts just now has our descriptors until it is itself.
        Assert.True(SpinWait.SpinUntil(() => Find("ptap0") is null, TimeSpan.FromSeconds(60)));
    });

    [Theory]
    [InlineData("")]
    [InlineData("sixteen-letters-")]
    [InlineData("a/b")]
    public void A_name_that_no_interface_can_have_is_refused_before_the_kernel_is_asked(string name) =>
        Assert.Contains("no interface's name", Assert.Throws<LinuxException>(() => TapDevice.Create(name)).Message,
            StringComparison.Ordinal);

    private static NetworkInterface? Find(string name) =>
        NetworkInterface.GetAllNetworkInterfaces()
            .FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.Ordinal));

    private static TapDevice UpWithAddress(TapOptions? options = null)
    {
        TapDevice tap = TapDevice.Create("ptap%d", options);
        tap.SetMac(MacAddress.Read(TapMac));
        tap.BringUp();
        OwnNetwork.Ip("addr", "add", "192.168.7.1/24", "dev", tap.Name);
        return tap;
    }

    // The kernel also sends frames of its own (IPv6's).
    private static ReadOnlySpan<byte> WaitForFrame(HandHost host, TapReader reader, int type, int headerLength = 0)
    {
        while (true)
        {
            while (!reader.Step())
            {
                reader.Wait(TimeSpan.FromSeconds(60));
            }

            foreach (SlotWord word in host.Take(host.Pending))
            {
                Span<byte> frame = host.Region.Buffers[word.BufferIndex][headerLength..word.Length];
                if (((frame[12] << 8) | frame[13]) == type)
                {
                    return frame;
                }
            }
        }
    }
}
