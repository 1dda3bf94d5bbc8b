using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Daemon;

public class SwitchShowTests
{
    [Fact]
    public async Task A_switch_is_shown_with_its_forwarding_table_and_the_list_is_short()
    {
        await using DaemonBed bed = await DaemonBed.Start(
            new DaemonSettings { Switches = [new SwitchSettings { Name = "vale0", AgeingSeconds = 100_000 }] });
        foreach (string port in (string[])["vale0:a", "vale0:b"])
        {
            bed.Inventory.AddPort(new PortSettings { Name = port, Slots = 64, Transport = "none" });
        }

        var vale = (ValePort)bed.Inventory.FindPort("vale0:b").Port;
        ForwardingTable table = vale.Switch.Table;
        table.Learn(0x0700_0000_0002, vale.Number);
        Assert.True(table.TryAddStatic(0x0100_0000_0002, vale.Number));

        JsonElement shown = await bed.Get("/v1/switches/vale0");

        Assert.Equal(
            ["02:00:00:00:00:01 vale0:b static -", "02:00:00:00:00:07 vale0:b learned 0"],
            shown.GetProperty("forwarding").EnumerateArray().Select(entry =>
                $"{entry.GetProperty("address")} {entry.GetProperty("port")} {entry.GetProperty("kind")} " +
                (entry.TryGetProperty("age_seconds", out JsonElement age) ? $"{age}" : "-")));
        Assert.Equal(2, shown.GetProperty("addresses").GetInt32());
        Assert.False((await bed.Get("/v1/switches"))[0].TryGetProperty("forwarding", out _));
    }

    [Fact]
    public async Task A_switch_without_ports_has_an_empty_one()
    {
        await using DaemonBed bed =
            await DaemonBed.Start(new DaemonSettings { Switches = [new SwitchSettings { Name = "vale7" }] });

        Assert.Empty((await bed.Get("/v1/switches/vale7")).GetProperty("forwarding").EnumerateArray());
    }

    [Fact]
    public async Task What_is_learned_from_frames_is_shown()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddPort(new PortSettings { Name = "vale0:in", Slots = 64, Guest = new GuestSettings() });
        bed.Inventory.AddPort(new PortSettings
        {
            Name = "vale0:out",
            Slots = 64,
            Mac = "02:00:00:00:00:09",
            Guest = new GuestSettings { Program = "send", Packets = 10 },
        });
        Assert.True(SpinWait.SpinUntil(
            () => bed.Inventory.FindPort("vale0:out").Port.TxRings[0].Counters.Packets == 10,
            TimeSpan.FromSeconds(60)));

        JsonElement entry =
            Assert.Single((await bed.Get("/v1/switches/vale0")).GetProperty("forwarding").EnumerateArray());

        Assert.Equal(("02:00:00:00:00:09", "vale0:out"),
            (entry.GetProperty("address").GetString(), entry.GetProperty("port").GetString()));
    }
}
