using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Senders and receivers of <c>bench v2v</c> that do not come in pairs, by number of packets: what was sent is
/// known, and all of it has to be found again.</summary>
public class FanBenchTests
{
    private const int Packets = 24_000;

    [Theory]
    [InlineData("thread", 8_000, "--senders", "3", "--receivers", "3", "--turn", "5", "--verify")]
    [InlineData("thread", 24_000, "--senders", "4", "--verify")]
    [InlineData("thread", 8_000, "--receivers", "3", "--verify")]
    [InlineData("thread", 24_000, "--broadcast", "--receivers", "3", "--verify")]
    [InlineData("thread", 8_000, "--receivers", "1", "--stalled-receivers", "1", "--slow-receivers", "1")]
    [InlineData("vm", 8_000, "--receivers", "3", "--turn", "8", "--verify")]
    [InlineData("vm", 12_000, "--senders", "2", "--receivers", "2")]
    [InlineData("vm", 24_000, "--broadcast", "--receivers", "2", "--verify")]
    public async Task Each_receiver_is_offered_its_share_and_every_copy_is_found(
        string guests, long share, params string[] shape)
    {
        JsonElement report = await Run(guests, shape);

        JsonElement[] parties = [.. report.GetProperty("parties").EnumerateArray()];
        JsonElement[] senders = [.. parties.Where(party => RoleOf(party) == "sender")];
        JsonElement[] receivers = [.. parties.Where(party => RoleOf(party) != "sender")];
        Assert.Equal((Packets, Packets), (Number(report, "sent"), senders.Sum(party => Number(party, "packets"))));
        Assert.All(senders, party => Assert.Equal(Packets / senders.Length, Number(party, "packets")));
        Assert.All(receivers, party => Assert.Equal(
            share, Number(party, "packets") + Number(party, "dropped") + Number(party, "unread")));
        Assert.Equal(
            (receivers.Sum(party => Number(party, "packets")), receivers.Sum(party => Number(party, "unread")), 0L),
            (Number(report, "received"), Number(report, "unread"), Number(report, "unaccounted")));
        Assert.Equal(
            receivers.Sum(party => Number(party, "dropped")),
            report.GetProperty("drops").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
        AssertSound(report);
    }

    // How many of the packets go over which ring is left to the moment, and so is who gets the rest of a round.
    [Theory]
    [InlineData("thread")]
    [InlineData("vm")]
    public async Task Each_ring_has_turns_of_its_own(string guests)
    {
        JsonElement report = await Run(guests, "--receivers", "3", "--turn", "7", "--rings", "2", "--verify");
        Assert.Equal((Packets, 0L), (Number(report, "sent"), Number(report, "unaccounted")));
        AssertSound(report);
    }

    [Fact]
    public async Task A_stalled_receiver_reads_nothing_and_the_others_are_told_apart_from_it()
    {
        JsonElement report = await Run("thread", "--stalled-receivers", "1", "--slow-receivers", "1", "--slow-rate",
            "500");

        JsonElement stalled = Assert.Single(
            report.GetProperty("parties").EnumerateArray(), party => RoleOf(party) == "stalled");
        Assert.Equal(0, Number(stalled, "packets"));
        Assert.True(Number(stalled, "unread") > 0);
        JsonElement only = Assert.Single(
            report.GetProperty("parties").EnumerateArray(), party => RoleOf(party) == "receiver");
        JsonElement rates = report.GetProperty("receivers_mpps");
        double rate = only.GetProperty("mpps").GetDouble();
        Assert.Equal(
            (rate, rate, rate),
            (rates.GetProperty("sum").GetDouble(), rates.GetProperty("min").GetDouble(),
                rates.GetProperty("max").GetDouble()));
    }

    [Fact]
    public async Task Loss_has_percentiles_of_all_intervals_of_all_runs()
    {
        JsonElement report = await PtnetProcess.RunForJson(
            "bench", "v2v", "--guests", "thread", "--runs", "2", "--seconds", "0.2", "--stalled-receivers", "1");
        Assert.Equal((0L, 0L), (Number(report, "unaccounted"), Number(report, "allocated_bytes")));
        JsonElement loss = report.GetProperty("loss_percent");
        double[] values =
            [.. ((string[])["p50", "p90", "p99", "max"]).Select(name => loss.GetProperty(name).GetDouble())];
        Assert.Equal(values.Order(), values);
        Assert.InRange(values[^1], double.Epsilon, 100);
        Assert.Equal(
            Number(loss, "samples"),
            report.GetProperty("runs").EnumerateArray().Sum(run => Number(run.GetProperty("loss_percent"), "samples")));
        Assert.True(Number(report, "resident_bytes") > 0);
    }

    [Theory]
    [InlineData("thread")]
    [InlineData("vm")]
    public async Task Idle_ports_get_nothing(string guests)
    {
        JsonElement report = await Run(guests, "--idle-ports", "3");
        Assert.Equal((3, Packets), (Number(report, "idle_ports"), Number(report, "sent")));
        Assert.Equal(
            Packets, Number(report, "received")
                + report.GetProperty("drops").EnumerateObject().Sum(reason => reason.Value.GetInt64()));
    }

    [Fact]
    public async Task The_text_names_the_parties_and_adds_them_up()
    {
        PtnetResult result = await PtnetProcess.Run(
            "bench", "v2v", "--guests", "thread", "--runs", "1", "--packets", "10k", "--senders", "2", "--receivers",
            "2", "--stalled-receivers", "1");
        Assert.Equal((0, ""), (result.Code, result.Errors));
        foreach (string part in (string[])
            ["2 senders to 2 receivers, 1 stalled", "Mpps in all", "stalled0", "no frame is unaccounted for"])
        {
            Assert.Contains(part, result.Output, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--senders goes with --via vale", "--senders", "2", "--via", "pipe")]
    [InlineData("--idle-ports goes with --via vale", "--idle-ports", "2", "--via", "pipe")]
    [InlineData("--pairs goes with pairs", "--senders", "2", "--pairs", "2")]
    [InlineData("--both-ways goes with pairs", "--receivers", "2", "--both-ways")]
    [InlineData("--broadcast has one sender", "--broadcast", "--senders", "2")]
    [InlineData("--turn goes without --broadcast", "--broadcast", "--receivers", "2", "--turn", "4")]
    [InlineData("--turn goes with several receivers", "--senders", "2", "--turn", "4")]
    [InlineData("--slow-rate goes with --slow-receivers", "--receivers", "2", "--slow-rate", "4")]
    [InlineData("--idle-ports goes without --broadcast", "--broadcast", "--idle-ports", "2")]
    [InlineData("a switch has at most 254", "--senders", "8", "--idle-ports", "250")]
    [InlineData("--receivers of more than one goes with", "--receivers", "2", "--guests", "qemu")]
    [InlineData("--idle-ports goes with --guests thread and vm", "--idle-ports", "1", "--guests", "qemu")]
    [InlineData("--stalled-receivers and", "--stalled-receivers", "1", "--guests", "qemu")]
    [InlineData("--verify with several --senders", "--senders", "2", "--verify", "--guests", "qemu")]
    public async Task What_does_not_go_together_is_named(string named, params string[] arguments)
    {
        string[] guests = arguments.Contains("qemu", StringComparer.Ordinal) ? [] : ["--guests", "thread"];
        PtnetResult result = await PtnetProcess.Run(["bench", "v2v", .. arguments, .. guests]);
        Assert.Equal((2, ""), (result.Code, result.Output));
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    private static async Task<JsonElement> Run(string guests, params string[] shape)
    {
        if (string.Equals(guests, "vm", StringComparison.Ordinal))
        {
            Needs.Kvm();
        }

        return await PtnetProcess.RunForJson([
            "bench", "v2v", "--guests", guests, "--runs", "1", "--packets", $"{Packets}", .. shape]);
    }

    private static void AssertSound(JsonElement report)
    {
        if (report.GetProperty("verify").GetBoolean())
        {
            Assert.Equal(
                (0L, 0L, 0L),
                (Number(report, "duplicated"), Number(report, "reordered"), Number(report, "damaged")));
        }
    }

    private static string? RoleOf(JsonElement party) => party.GetProperty("role").GetString();

    private static long Number(JsonElement report, string name) => report.GetProperty(name).GetInt64();
}
