using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Daemon;

/// <summary>VLANs of a switch's ports, as they are set and shown.</summary>
public class VlanSettingsTests
{
    [Theory]
    [InlineData("vlan = 0", "f:3: vlan: 0 is outside the limits 1 to 4094")]
    [InlineData("vlan = 4095", "f:3: vlan: 4095 is outside the limits 1 to 4094")]
    [InlineData("trunk = [10, 4095]",
        "f:3: trunk: '4095' names no VLANs; expected numbers from 1 to 4094, or ranges as 100-199")]
    [InlineData("trunk = [\"20-10\"]",
        "f:3: trunk: '20-10' names no VLANs; expected numbers from 1 to 4094, or ranges as 100-199")]
    [InlineData("trunk = []", "f:3: trunk: expected a list of VLANs, as [10, 20, \"100-199\"], found a list")]
    [InlineData("trunk = 10", "f:3: trunk: expected a list of VLANs, as [10, 20, \"100-199\"], found the number 10")]
    [InlineData("vlan = 10\ntrunk = [20]",
        "f:4: trunk: does not go with vlan: a port has one VLAN without tags (vlan), or several with tags (trunk)")]
    [InlineData("native = 10",
        "f:3: native: is a trunk's VLAN without tags; name the trunk's others as well (trunk), or take vlan")]
    public void What_cannot_be_is_told(string setting, string told) =>
        Assert.Equal(told, Assert.Single(Assert.Throws<ConfigException>(
            () => ConfigReader.Read($"[[port]]\nname = \"vale0:a\"\n{setting}", "f")).Problems).ToString());

    [Theory]
    [InlineData("[[port]]\nname = \"tap:a\"\nvlan = 10",
        "f:3: vlan: is a setting of a switch's port (vale0:NAME), and there is none here")]
    [InlineData("[[bridge]]\nleft = \"tap:a\"\nright = \"tap:b\"\ntrunk = [10]",
        "f:4: trunk: is a setting of a switch's port (vale0:NAME), and there is none here")]
    [InlineData("[[attach]]\nswitch = \"vale0\"\nport = \"tap:a\"\nvlan = 5000",
        "f:4: vlan: 5000 is outside the limits 1 to 4094")]
    public void Only_a_switchs_port_has_vlans(string text, string told) =>
        Assert.Equal(told,
            Assert.Single(Assert.Throws<ConfigException>(() => ConfigReader.Read(text, "f")).Problems).ToString());

    [Fact]
    public async Task What_is_set_is_shown_and_a_port_without_settings_is_a_trunk_of_all()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        (int status, JsonElement plain) =
            await bed.Post("/v1/ports", """{"name":"vale0:plain","slots":64,"transport":"none"}""");
        Assert.Equal((201, false), (status, plain.TryGetProperty("vlans", out _)));
        (status, JsonElement web) =
            await bed.Post("/v1/ports", """{"name":"vale0:web","slots":64,"transport":"none","vlan":10}""");
        Assert.Equal((201, """{"vlan":10}"""), (status, web.GetProperty("vlans").GetRawText()));
        (status, JsonElement up) = await bed.Post(
            "/v1/ports", """{"name":"vale0:up","slots":64,"transport":"none","trunk":[10,"20-29"],"native":5}""");
        Assert.Equal((201, """{"trunk":["10","20-29"],"native":5}"""), (status, up.GetProperty("vlans").GetRawText()));

        ValeSwitch vale = ((ValePort)bed.Inventory.FindPort("vale0:web").Port).Switch;
        vale.Table.Learn((9UL << 48) | 0x0700_0000_0002, 2);
        JsonElement shown = await bed.Get("/v1/switches/vale0");

        Assert.Equal("""{"trunk":["1-4094"],"native":1}""",
            shown.GetProperty("ports")[0].GetProperty("vlans").GetRawText());
        JsonElement entry = Assert.Single(shown.GetProperty("forwarding").EnumerateArray());
        Assert.Equal((10, "02:00:00:00:00:07"),
            (entry.GetProperty("vlan").GetInt32(), entry.GetProperty("address").GetString()));
    }

    [Fact]
    public async Task Guests_of_a_vlan_hear_each_other_and_nobody_else()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        var receive = new GuestSettings();
        bed.Inventory.AddPort(
            new PortSettings { Name = "vale0:same", Slots = 64, Vlan = 10, Guest = receive with { Verify = true } });
        bed.Inventory.AddPort(
            new PortSettings { Name = "vale0:trunk", Slots = 64, Trunk = ["10-20"], Guest = receive });
        bed.Inventory.AddPort(new PortSettings { Name = "vale0:other", Slots = 64, Vlan = 20, Guest = receive });
        bed.Inventory.AddPort(new PortSettings
        {
            Name = "vale0:out",
            Slots = 64,
            Vlan = 10,
            Guest = new GuestSettings { Program = "send", Packets = 20 },
        });

        Assert.True(SpinWait.SpinUntil(() => Got("vale0:same").Packets == 20 && Got("vale0:trunk").Packets == 20,
            TimeSpan.FromSeconds(60)));
        Assert.Equal((0, 0), (Got("vale0:other").Packets, Got("vale0:out").Packets));
        Assert.Equal((20 * 60, 20 * 64), (Got("vale0:same").Bytes, Got("vale0:trunk").Bytes));

        RingCounters Got(string port) => bed.Inventory.FindPort(port).Port.RxRings[0].Counters;
    }

    [Fact]
    public async Task A_port_that_is_there_stays_in_its_vlans()
    {
        using var folder = new TemporaryFolder();
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/ports", """{"name":"vale0:web","slots":64,"transport":"none","vlan":10}""");

        (int status, JsonElement refused) = await bed.Post(
            "/v1/bridges", $$"""{"left":"pcap:-,{{folder["out"]}}","right":"vale0:web","slots":64,"vlan":20}""");

        Assert.Equal(400, status);
        Assert.Contains("port vale0:web is there already, and stays in its VLANs", refused.GetRawText(),
            StringComparison.Ordinal);
    }
}
