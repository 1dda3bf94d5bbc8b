using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Interrupts;

namespace Ptnetmap.Tests.PciGuest;

/// <summary>Ports of a virtual machine, as programs open them that do not know of PCI.</summary>
public sealed class PciPortsTests
{
    private const int InterfaceOffset = 24;
    private const int Control = 4;
    private const uint Start = 1;

    private static readonly PciChannelOptions Polled = new() { Interrupts = InterruptKind.Poll };

    [Theory]
    [InlineData("1")]
    [InlineData("0000:00:04.0")]
    public void A_port_is_opened_by_its_name_with_what_is_known_of_it(string name)
    {
        using var fake = new FakeBus(ports: 2);
        using var ports = new PciPorts(fake.Bus, Polled);
        using OpenPort open = ports.Open(name, new PortRequest { Idle = IdleStrategy.Sleep });
        Assert.Equal(("0000:00:04.0", "poll", "bar"), (open.Facts.Address, open.Facts.Interrupts, open.Facts.Csb));
        Assert.Equal([0x0a, 0x0b, 0x0c, 0x0d, 0x0e, 0x0f], open.Facts.Mac.ToBytes());
        Assert.Same(IdleStrategy.Sleep, open.Port.TxRings[0].Idle);
        Assert.Equal(0, open.Port.Channel.VnetHeaderLength);
    }

    [Fact]
    public void The_header_is_asked_for_when_the_program_wants_it()
    {
        using var fake = new FakeBus();
        fake.Ports[0].HeaderLength = 12;
        using var ports = new PciPorts(fake.Bus, Polled);
        using OpenPort open = ports.Open("0", new PortRequest { Offloads = true });
        Assert.Equal(12, open.Port.Channel.VnetHeaderLength);
    }

    [Fact]
    public void A_name_that_is_not_there_is_refused_with_those_that_are()
    {
        using var fake = new FakeBus();
        using var ports = new PciPorts(fake.Bus, Polled);
        Assert.Contains("there are 0 (0000:00:03.0)", Assert.Throws<LinuxException>(() => ports.Open("2")).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_device_whose_port_is_none_is_stopped_again()
    {
        using var fake = new FakeBus();
        fake.Ports[0].Values[InterfaceOffset] = uint.MaxValue;
        using var ports = new PciPorts(fake.Bus, Polled);
        Assert.Throws<NetmapPortException>(() => ports.Open("0"));
        Assert.Contains((Control, Start), fake.Ports[0].Writes);
        Assert.False(fake.Ports[0].Started);
    }
}
