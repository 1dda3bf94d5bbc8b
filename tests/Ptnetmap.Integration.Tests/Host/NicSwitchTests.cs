using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>A NIC as uplink of a switch with two guests, and where its frames go: nothing is lost below what the
/// machine can do, and beyond it every frame is in a counter.</summary>
public class NicSwitchTests
{
    public static TheoryData<string, string> Ways => new()
    {
        { "rx", "thread" },
        { "rx", "vm" },
        { "tx", "thread" },
        { "tx", "vm" },
    };

    // A veth's queue has 256 places: at 1000 a second it has room for what comes while the kernel is kept from a CPU
    // for a quarter of a second, and a ring of 4096 for more.
    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Below_capacity_nothing_is_lost_in_order_and_for_each_guest(string direction, string guests)
    {
        string each = string.Equals(direction, "rx", StringComparison.Ordinal) ? "1000" : "500";
        JsonElement report = await Run(
            direction, guests, "--rate", each, "--packets", "1500", "--burst", "32", "--slots", "4096", "--verify");
        Assert.Equal("[]", report.GetProperty("losses").GetRawText());
        Assert.Equal((1500, 1500, 0),
            (Number(report, "sent"), Number(report, "received"), Number(report, "unaccounted")));
        Assert.Equal((0, 0, 0), (Number(report, "duplicated"), Number(report, "reordered"), Number(report, "damaged")));
        Assert.Equal(
            [("guest1", 750, 750), ("guest2", 750, 750)],
            Parts(report).Select(part =>
                (part.GetProperty("name").GetString(), Number(part, "sent"), Number(part, "received"))));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Beyond_capacity_every_frame_that_does_not_arrive_is_counted_once(string direction, string guests)
    {
        JsonElement report = await Run(direction, guests, "--seconds", "0.5", "--slots", "128", "--verify");
        long lost = report.GetProperty("losses").EnumerateArray().Sum(loss => Number(loss, "frames"));
        Assert.True(lost > 0, report.GetRawText());
        Assert.Equal(Number(report, "sent"), Number(report, "received") + lost);
        Assert.Equal((0, 0, 0), (Number(report, "duplicated"), Number(report, "reordered"), Number(report, "damaged")));
        Assert.Equal(Number(report, "sent"), Parts(report).Sum(part => Number(part, "sent")));
        Assert.Equal(Number(report, "received"), Parts(report).Sum(part => Number(part, "received")));
        Assert.All(Parts(report), part => Assert.True(Number(part, "received") > 0, report.GetRawText()));
    }

    [Fact]
    public async Task A_frame_lost_between_two_NIC_ports_is_counted_in_generic_mode_too()
    {
        Needs.Xdp();
        JsonElement report = await PtnetProcess.RunForJson(
            "bench", "nic", "--veth", "--mode", "generic", "--seconds", "0.5", "--slots", "128", "--runs", "1");
        Assert.Equal("generic", report.GetProperty("mode").GetString());
        Assert.Equal(0, Number(report, "unaccounted"));
    }

    private static async Task<JsonElement> Run(string direction, string guests, params string[] arguments)
    {
        Needs.Xdp();
        if (string.Equals(guests, "vm", StringComparison.Ordinal))
        {
            Needs.Kvm();
        }

        JsonElement report = await PtnetProcess.RunForJson(
            ["bench", "nic", "--veth", "--switch", "--direction", direction, "--guests", guests, "--runs", "1",
                .. arguments]);
        Assert.Equal(("uplink", direction, "copy"),
            (Text(report, "via"), Text(report, "direction"), Text(report, "mode")));
        return report;
    }

    private static JsonElement[] Parts(JsonElement report) => [.. report.GetProperty("per_guest").EnumerateArray()];

    private static string Text(JsonElement report, string name) => report.GetProperty(name).GetString()!;

    private static long Number(JsonElement report, string name) => report.GetProperty(name).GetInt64();
}
