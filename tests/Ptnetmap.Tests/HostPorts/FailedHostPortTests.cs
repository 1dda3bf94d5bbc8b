using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Ports of the host that cannot be opened: what was made for them is given back at once.</summary>
public sealed class FailedHostPortTests
{
    [Theory]
    [InlineData("tap:lo", null)]
    [InlineData("tap:t0", "nosuchspace")]
    [InlineData("netmap:nosuchnic0", null)]
    [InlineData("netmap:nosuchnic0^", null)]
    [InlineData("netmap:lo", "nosuchspace")]
    public async Task A_port_that_fails_leaves_its_room_in_a_shared_region_to_others(string name, string? space)
    {
        Needs.Root();
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Skip("/dev/net/tun is not there");
        }

        // With room for one port, and hardly for another's buffers.
        await using DaemonBed bed = await DaemonBed.Start(new DaemonSettings
        {
            Domains = [new DomainSettings { Name = "shared", Ports = 1, Rings = 1, Slots = 64 }],
        });
        var settings = new PortSettings
        {
            Name = name,
            Domain = "shared",
            Slots = 64,
            Transport = "none",
            Host = space is null ? null : new HostSettings { Netns = space },
        };
        uint free = Free(bed);
        for (int i = 0; i < 3; i++)
        {
            _ = Assert.Throws<LinuxException>(() => bed.Inventory.AddPort(settings));
            Assert.Equal(free, Free(bed));
        }

        _ = bed.Inventory.AddPort(
            new PortSettings { Name = "vale0:a", Domain = "shared", Slots = 64, Transport = "none" });
        Assert.NotEqual(free, Free(bed));
    }

    private static uint Free(DaemonBed bed) => bed.Inventory.FindDomain("shared").Region.BufferPool.Free;
}
