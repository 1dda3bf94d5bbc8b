using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Devices;
using Ptnetmap.PciGuest.Interrupts;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.PciGuest;

public sealed class PciChannelTests
{
    private static PciChannelOptions Polled => new() { Interrupts = InterruptKind.Poll };

    [Fact]
    public void A_port_and_its_region_are_found_with_what_their_registers_say()
    {
        using var fake = new FakeBus();
        PtnetPort port = Assert.Single(fake.Bus.Ports());
        Assert.Equal("0000:00:03.0", port.Address);
        Assert.Equal("0a:0b:0c:0d:0e:0f", port.Mac.ToString());
        Assert.Equal((7, 1, 1, 64, 64, true),
            (port.MemoryId, port.TxRings, port.RxRings, port.TxSlots, port.RxSlots, port.CsbBar));
        Assert.Equal(fake.Region.Layout, Assert.Single(fake.Bus.Memdevs()).Layout);
    }

    [Fact]
    public void Devices_are_switched_on_before_they_are_read_and_nothing_is_left_to_take_back()
    {
        using var fake = new FakeBus();
        _ = fake.Bus.Ports();
        Assert.Equal("0", File.ReadAllText(fake.PathOf("0000:00:03.0", "enable")).Trim());
        byte[] config = File.ReadAllBytes(fake.PathOf("0000:00:03.0", "config"));
        Assert.Equal(7, config[4]);
    }

    [Fact]
    public void A_port_is_attached_and_detached_in_the_order_of_the_drivers()
    {
        using var fake = new FakeBus();
        FakePtnet device = fake.Ports[0];
        PciChannel channel = fake.Bus.Open("0", Polled);
        (int, uint)[] stopAndForget = [(4, 2), (52, 0), (56, 0), (60, 0), (64, 0), (120, 0)];
        Assert.Equal([.. stopAndForget, (0, 0), (120, 1), .. stopAndForget[1..^1], (44, 0), (4, 1)], device.Writes);
        Assert.True(channel.UsesCsbBar);
        device.Writes.Clear();
        channel.Dispose();
        channel.Dispose();
        Assert.Equal(stopAndForget, device.Writes);
    }

    [Theory]
    [InlineData(12u, true, 12)]
    [InlineData(12u, false, 0)]
    [InlineData(0u, true, 0)]
    public void The_header_is_asked_for_when_it_is_wanted_and_used_when_it_is_granted(uint offered, bool wanted,
        int granted)
    {
        using var fake = new FakeBus();
        FakePtnet device = fake.Ports[0];
        device.HeaderLength = offered;
        using PciChannel channel = fake.Bus.Open("0", Polled with { Offloads = wanted });
        Assert.Equal(granted, channel.VnetHeaderLength);
        Assert.Contains((0, wanted ? 1u : 0), device.Writes);
        Assert.Contains((44, (uint)granted), device.Writes);
    }

    [Fact]
    public void A_length_that_was_not_asked_for_is_refused()
    {
        using var fake = new FakeBus();
        fake.Ports[0].HeaderLength = 10;
        LinuxException refusal =
            Assert.Throws<LinuxException>(() => fake.Bus.Open("0", Polled with { Offloads = true }));
        Assert.Contains("10 bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_csb_asks_for_all_kicks_and_the_receive_rings_interrupts_before_the_start()
    {
        using var fake = new FakeBus();
        fake.Ports[0].Host.Csb.Span.Fill(0xEE);
        using PciChannel channel = fake.Bus.Open("0", Polled);
        Span<byte> csb = fake.Ports[0].Host.Csb.Span;
        Assert.Equal((0, 1), (csb[8], csb[64 + 8]));
        Assert.Equal((1, 1), (csb[4096 + 8], csb[4096 + 64 + 8]));
        Assert.Equal(0, csb[128]);
    }

    [Fact]
    public void Frames_go_both_ways_and_kicks_are_register_writes()
    {
        using var fake = new FakeBus();
        FakePtnet device = fake.Ports[0];
        using PciChannel channel = fake.Bus.Open("00:03.0", Polled);
        NetmapPort port = NetmapPort.Open(channel, IdleStrategy.Sleep);
        var sender = new Sender(port, new TrafficSpec { Limit = 1000, Burst = 20 });
        var receiver = new Receiver(port, new ReceiverOptions { Verify = true, Limit = 1000 });
        for (int turn = 0; !receiver.IsFinished; turn++)
        {
            Assert.InRange(turn, 0, 1000);
            device.Host.TxCsb.WriteKernNeedKick(true);
            _ = sender.Step();
            _ = device.Host.LoopBack();
            _ = receiver.Step();
        }

        Assert.Equal((1000, 0, 0), (receiver.Counters.Packets, receiver.Counters.Lost, receiver.Counters.Damaged));
        Assert.Equal(sender.Counters.Batches, device.Kicks(0));
    }

    [Fact]
    public void Two_ports_of_one_region_forward_without_a_copy()
    {
        using var fake = new FakeBus(ports: 2);
        using PciChannel left = fake.Bus.Open("0", Polled);
        using PciChannel right = fake.Bus.Open("1", Polled);
        Assert.Same(left.Region, right.Region);
        NetmapPort from = NetmapPort.Open(left);
        NetmapPort to = NetmapPort.Open(right);
        fake.Ports[0].Host.FillTest(5);
        fake.Ports[0].Host.Show();
        uint buffer = fake.Ports[0].Host.Rx.Slots[0].BufferIndex;
        Assert.True(new Forwarder(from.RxRings[0], to.TxRings[0]).Step());
        Assert.Equal(buffer, Assert.Single(fake.Ports[1].Host.Take(1)).BufferIndex);
    }

    [Fact]
    public void Without_a_bar_the_csb_is_in_two_pages_whose_addresses_the_device_is_told()
    {
        Needs.Root();
        using var fake = new FakeBus(csbBar: false);
        using PciChannel channel = fake.Bus.Open("0", Polled);
        Assert.False(channel.UsesCsbBar);
        Dictionary<int, uint> values = fake.Ports[0].Values;
        ulong atok = ((ulong)values[52] << 32) | values[56];
        ulong ktoa = ((ulong)values[60] << 32) | values[64];
        Assert.True(atok != 0 && ktoa != 0 && atok != ktoa);
        Assert.Equal((0UL, 0UL), (atok % 4096, ktoa % 4096));
        List<(int Offset, uint Value)> writes = fake.Ports[0].Writes;
        Assert.True(writes.FindLastIndex(write => write.Offset == 64) < writes.FindLastIndex(write => write == (4, 1)));
    }

    [Fact]
    public void A_start_that_the_device_refuses_is_told_with_its_error_and_leaves_it_detached()
    {
        using var fake = new FakeBus();
        fake.Ports[0].Refusal = 16;
        LinuxException refusal = Assert.Throws<LinuxException>(() => fake.Bus.Open("0", Polled));
        Assert.Equal(16, refusal.Errno);
        Assert.Contains("PTCTL", refusal.Message, StringComparison.Ordinal);
        Assert.Equal([(52, 0u), (56, 0u), (60, 0u), (64, 0u), (120, 0u)], fake.Ports[0].Writes[^5..]);
    }

    [Theory]
    [InlineData(28, 0, "NUM_TX_RINGS is 0")]
    [InlineData(28, 64, "NUM_TX_RINGS is 64")]
    [InlineData(32, 64, "NUM_RX_RINGS is 64")]
    [InlineData(36, 100_000, "NUM_TX_SLOTS is 100000")]
    [InlineData(48, 0, "HOSTMEMID is 0")]
    [InlineData(40, uint.MaxValue, "its server on the host is gone")]
    public void Registers_that_cannot_be_are_refused_by_name(int offset, uint value, string message)
    {
        using var fake = new FakeBus();
        fake.Ports[0].Values[offset] = value;
        Assert.Contains(message, Assert.Throws<LinuxException>(() => fake.Bus.Open("0", Polled)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_that_no_memdev_shows_is_named_with_those_there_are()
    {
        using var fake = new FakeBus(hostMemoryId: 9);
        string message = Assert.Throws<LinuxException>(() => fake.Bus.Open("0", Polled)).Message;
        Assert.Contains("region 9", message, StringComparison.Ordinal);
        Assert.Contains("there are 7", message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_larger_than_its_bar_is_not_mapped()
    {
        using var fake = new FakeBus(barSize: 1 << 20);
        Assert.Contains(
            "1048576 bytes", Assert.Throws<RegionLimitException>(() => fake.Bus.Open("0", Polled)).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("0000:00:09.0")]
    [InlineData("")]
    public void A_port_that_is_not_there_is_told_with_those_that_are(string which)
    {
        using var fake = new FakeBus();
        Assert.Contains(
            "there are 0 (0000:00:03.0)", Assert.Throws<LinuxException>(() => fake.Bus.Open(which, Polled)).Message,
            StringComparison.Ordinal);
    }
}
