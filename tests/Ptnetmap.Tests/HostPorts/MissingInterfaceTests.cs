using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.HostPorts;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Interfaces and namespaces of a configuration that are not there when the daemon starts.</summary>
public sealed class MissingInterfaceTests
{
    [Fact]
    public async Task Ports_of_a_missing_namespace_are_down_with_the_reason_and_come_with_it()
    {
        Needs.Xdp();
        using var space = new NamedNamespace();
        space.Delete();
        await using DaemonBed bed = await DaemonBed.Start(ConfigReader.Read(
            $$"""
            [[port]]
            name = "tap:t0"
            slots = 64
            transport = "none"
            [port.host]
            netns = "{{space.Name}}"

            [[port]]
            name = "netmap:n0"
            slots = 64
            transport = "none"
            [port.host]
            netns = "{{space.Name}}"

            [[bridge]]
            left = "netmap:n1^"
            right = "vale0:stack"
            slots = 64
            [bridge.host]
            netns = "{{space.Name}}"
            """,
            "f"));
        foreach (string port in (string[])["tap:t0", "netmap:n0", "netmap:n1^"])
        {
            HostPortState state = Describe(bed, port);
            Assert.Equal("gone", state.Link);
            Assert.Contains($"no network namespace {space.Name}", state.Note, StringComparison.Ordinal);
            Assert.Single(bed.Log.Lines, line =>
                line.Contains(port, StringComparison.Ordinal) && line.Contains(space.Name, StringComparison.Ordinal));
        }

        space.Add();
        VethBed.Await(() => Describe(bed, "tap:t0").Link is "up", "the TAP");
        VethBed.Await(() => Describe(bed, "netmap:n0").Note is "there is no interface n0", "a look for the NIC");
        Connect(space);
        space.Run(() =>
        {
            using var links = new Links();
            Assert.NotNull(links.TryGet("t0"));
        });
        VethBed.Await(() => Describe(bed, "netmap:n0").Link is "up", "the NIC");
        VethBed.Await(() => Describe(bed, "netmap:n1^").Link is "up", "the stack");

        // The interface goes, and another of its name comes.
        space.Run(() =>
        {
            using var links = new Links();
            Assert.True(links.TryDelete(links.TryGet("n0")!.Index));
        });
        VethBed.Await(() => (Describe(bed, "netmap:n0").Link, Describe(bed, "netmap:n1^").Link) is ("gone", "gone"),
            "both to go");
        Connect(space);
        VethBed.Await(() => (Describe(bed, "netmap:n0").Link, Describe(bed, "netmap:n1^").Link) is ("up", "up"),
            "both to come");
    }

    [Theory]
    [InlineData("netmap:nosuchnic0", null, "no interface nosuchnic0")]
    [InlineData("netmap:nosuchnic0^", null, "no interface nosuchnic0")]
    [InlineData("netmap:lo", "nosuchspace", "no network namespace nosuchspace")]
    [InlineData("tap:t0", "nosuchspace", "no network namespace nosuchspace")]
    public async Task A_command_is_told_at_once(string port, string? space, string reason)
    {
        Needs.Root();
        await using DaemonBed bed = await DaemonBed.Start();
        var refusal = Assert.Throws<LinuxException>(() => bed.Inventory.AddPort(
            new PortSettings
            {
                Name = port,
                Slots = 64,
                Transport = "none",
                Host = new HostSettings { Netns = space },
            }));
        Assert.Contains(reason, refusal.Message, StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Ports);
    }

    [Fact]
    public async Task What_can_never_come_is_refused_in_a_configuration_too()
    {
        Needs.Root();
        Exception? refusal = await Record.ExceptionAsync(async () => await DaemonBed.Start(new DaemonSettings
        {
            Ports = [new PortSettings
            {
                Name = "tap:t0",
                Slots = 64,
                Host = new HostSettings { Netns = "/proc/0/ns/net" },
            }],
        }));
        Assert.Contains("/proc/0/ns/net", Assert.IsAssignableFrom<Exception>(refusal).Message,
            StringComparison.Ordinal);
    }

    private static void Connect(NamedNamespace space) => space.Run(() =>
    {
        using var links = new Links();
        links.CreateVeth("n0", "n1");
        links.SetUp(links.TryGet("n0")!.Index);
        links.SetUp(links.TryGet("n1")!.Index);
    });

    private static HostPortState Describe(DaemonBed bed, string port) => ((IHostPort)Find(bed, port).Port).Describe();

    private static ServedPort Find(DaemonBed bed, string port) => bed.Inventory.FindPort(port);
}
