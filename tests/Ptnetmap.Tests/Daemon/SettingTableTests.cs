using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A setting that a port's kind does not look at is refused, and not ignored in silence.</summary>
public class SettingTableTests
{
    private static readonly (string Key, HostSettings Host)[] Settings =
    [
        ("netns", new() { Netns = "blue" }),
        ("interface", new() { Interface = "eth0" }),
        ("mtu", new() { Mtu = 9000 }),
        ("mac", new() { Mac = "02:00:00:00:00:01" }),
        ("persistent", new() { Persistent = true }),
        ("mode", new() { Mode = "copy" }),
        ("filter", new() { Filter = "udp=53" }),
        ("busy_poll", new() { BusyPoll = 20 }),
        ("promiscuous", new() { Promiscuous = true }),
        ("checksums", new() { Checksums = "off" }),
        ("recorded_times", new() { RecordedTimes = true }),
        ("loops", new() { Loops = 7 }),
    ];

    [Fact]
    public void The_table_has_every_setting()
    {
        Assert.Equal(Settings.Select(setting => setting.Key), HostKeys.Names);
        Assert.Equal(
            ApiJson.Plain.HostSettings.Properties.Select(property => property.Name).Order(StringComparer.Ordinal),
            HostKeys.Names.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("tap:t1", "netns interface mtu mac persistent")]
    [InlineData("netmap:eth0", "netns interface mode filter busy_poll promiscuous checksums")]
    [InlineData("netmap:eth0-1", "netns interface mode filter busy_poll promiscuous checksums")]
    [InlineData("netmap:eth0^", "netns interface")]
    [InlineData("pcap:in,-", "recorded_times loops")]
    [InlineData("pcap:in,out", "recorded_times loops")]
    [InlineData("pcap:-,out", "")]
    public void A_port_takes_its_own_settings_and_refuses_the_others_by_name(string port, string known)
    {
        foreach ((string key, HostSettings host) in Settings)
        {
            string[] expected = known.Split(' ').Contains(key) ? [] : [$"host.{key}"];

            Assert.Equal(expected,
                SettingsRules.Check(new PortSettings { Name = port, Host = host }).Select(fault => fault.Key));
            Assert.Equal(expected, SettingsRules.Check(
                new BridgeSettings { Left = port, Right = "vale0:x", Host = host }).Select(fault => fault.Key));
        }
    }

    [Fact]
    public void A_bridge_takes_what_either_of_its_ports_has() => Assert.Empty(
        SettingsRules.Check(
            new BridgeSettings { Left = "tap:x", Right = "pcap:in,-", Host = new() { Mtu = 1000, Loops = 2 } }));

    [Fact]
    public void A_configuration_says_where_it_is_and_what_there_is()
    {
        var mistakes = Assert.Throws<ConfigException>(() => ConfigReader.Read(
            """
            [[port]]
            name = "tap:t1"
            [port.host]
            filter = "udp=53"
            loops = 7
            """,
            "f"));
        Assert.All(
            ["f:4: host.filter: is nothing that tap:t1 has; there are netns, interface, mtu, mac, persistent",
                "f:5: host.loops"],
            part => Assert.Contains(part, mistakes.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("send", "packets rate frame to")]
    [InlineData("receive", "packets verify")]
    [InlineData("echo", "")]
    public void A_program_refuses_what_it_does_not_look_at(string program, string known)
    {
        (string Key, GuestSettings Guest)[] settings =
        [
            ("packets", new() { Program = program, Packets = 1 }),
            ("rate", new() { Program = program, Rate = 1 }),
            ("frame", new() { Program = program, Frame = 100 }),
            ("to", new() { Program = program, To = "02:00:00:00:00:01" }),
            ("verify", new() { Program = program, Verify = true }),
        ];
        Assert.All(settings, setting => Assert.Equal(
            known.Split(' ').Contains(setting.Key) ? [] : [setting.Key],
            SettingsRules.Check(setting.Guest).Select(fault => fault.Key)));
    }

    [Theory]
    [InlineData(null, "")]
    [InlineData("qemu", "")]
    [InlineData("none", "bar allow_unsealed_memory offloads")]
    public void What_only_a_VMs_device_has_is_refused_where_there_is_none(string? transport, string refused)
    {
        var port = new PortSettings
        {
            Name = "vale0:x",
            Transport = transport,
            Bar = "memory",
            AllowUnsealedMemory = true,
            Offloads = false,
        };
        Assert.Equal(refused, string.Join(' ', SettingsRules.Check(port).Select(fault => fault.Key)));
    }

    [Fact]
    public async Task Settings_of_a_port_that_is_there_already_are_refused_by_the_bridge()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddDomain(new DomainSettings { Name = "d", Ports = 2, Slots = 64 });
        bed.Inventory.AddPort(new PortSettings { Name = "vale0:a", Domain = "d", Slots = 64, Transport = "none" });
        bed.Inventory.AddPort(new PortSettings { Name = "vale1:a", Domain = "d", Slots = 64, Transport = "none" });

        (int status, System.Text.Json.JsonElement problem) =
            await bed.Post("/v1/bridges", """{"left":"vale0:a","right":"vale1:a","slots":128,"domain":"d"}""");

        Assert.Equal((400, "domain slots"), (status, string.Join(' ',
            problem.GetProperty("errors").EnumerateArray().Select(error => error.GetProperty("key").GetString()))));
        Assert.Empty(bed.Inventory.Bridges);
    }
}
