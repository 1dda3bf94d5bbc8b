using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Each measurement as a process of its own, short. No rate is asserted: the machine may be busy.</summary>
public class BenchTests
{
    private static readonly string[] Short = ["--seconds", "0.3", "--runs", "1"];

    public static TheoryData<string> Guests => ["thread", "vm"];

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_pipe_loses_nothing_and_nothing_is_allocated(string guests)
    {
        JsonElement report = await Run(guests, "v2v", "--via", "pipe", "--verify");
        AssertNothingWrong(report);
        AssertNothingAllocated(report);
        Assert.True(Number(report, "received") > 0);
        Assert.Equal(guests, report.GetProperty("guests").GetString());
        Assert.True(report.GetProperty("machine").GetProperty("cores").GetInt32() > 0);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_switch_accounts_for_every_frame(string guests)
    {
        JsonElement report = await Run(guests, "v2v", "--via", "vale", "--verify");
        AssertNothingAllocated(report);
        long dropped = report.GetProperty("drops").EnumerateObject().Sum(reason => reason.Value.GetInt64());
        Assert.Equal(Number(report, "sent"), Number(report, "received") + dropped);
        Assert.Equal(
            (0L, 0L, 0L), (Number(report, "duplicated"), Number(report, "reordered"), Number(report, "damaged")));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Both_ways_over_several_rings_loses_nothing(string guests) =>
        AssertNothingWrong(await Run(guests, "v2v", "--both-ways", "--rings", "2", "--slots", "1024", "--verify"));

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task As_many_packets_are_sent_as_asked_for(string guests)
    {
        JsonElement report = await Run(guests, "v2v", "--packets", "100k", "--verify", "--pairs", "2");
        AssertNothingWrong(report);
        Assert.Equal(100_000, Number(report, "sent"));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task A_chain_loses_nothing(string guests)
    {
        JsonElement report = await Run(guests, "chain", "--length", "2", "--slots", "1024", "--verify");
        AssertNothingWrong(report);
        AssertNothingAllocated(report);
        Assert.True(report.GetProperty("mhops_per_cpu_s").GetDouble() > 0);
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Round_trips_have_ordered_percentiles(string guests)
    {
        JsonElement report = await Run(guests, "rtt");
        AssertNothingAllocated(report);
        AssertOrdered(report.GetProperty("latency_us"));
        Assert.Equal(0, Number(report, "lost"));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Latency_is_measured_under_each_policy(string guests)
    {
        JsonElement series = await Run(guests, "latency", "--rate", "5k");
        JsonElement[] reports = [.. series.GetProperty("reports").EnumerateArray()];
        Assert.Equal(
            ["spin-then-sleep", "sleep", "spin"], reports.Select(report => report.GetProperty("policy").GetString()));
        foreach (JsonElement report in reports)
        {
            Assert.Equal(0, Number(report, "lost"));
            if (report.TryGetProperty("latency_us", out JsonElement times))
            {
                AssertOrdered(times);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task Idling_allocates_nothing(string guests)
    {
        JsonElement report = await Run(guests, "idle");
        AssertNothingAllocated(report);
        Assert.Equal(0, Number(report, "received"));
        Assert.True(report.GetProperty("wake_ups_per_s").GetDouble() >= 0);
    }

    [Fact]
    public async Task A_median_is_that_of_its_runs()
    {
        JsonElement report = await PtnetProcess.RunForJson(
            "bench", "v2v", "--guests", "thread", "--seconds", "0.1", "--runs", "3");
        double[] rates =
            [.. report.GetProperty("runs").EnumerateArray().Select(run => run.GetProperty("mpps").GetDouble()).Order()];
        Assert.Equal(
            (rates[0], rates[1], rates[2]),
            (report.GetProperty("mpps_min").GetDouble(), report.GetProperty("mpps").GetDouble(),
                report.GetProperty("mpps_max").GetDouble()));
    }

    [Theory]
    [MemberData(nameof(Guests))]
    public async Task The_demonstration_shows_strangers_partners_and_silence(string guests)
    {
        NeedsOf(guests);
        string file = Path.GetTempFileName();
        try
        {
            PtnetResult result = await PtnetProcess.Run("demo", "--seconds", "0.3", "--guests", guests, "--json", file);
            Assert.Equal((0, ""), (result.Code, result.Errors));
            Assert.Contains("Strangers", result.Output, StringComparison.Ordinal);
            Assert.Contains("Gbit/s", result.Output, StringComparison.Ordinal);
            using JsonDocument json =
                JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            JsonElement[] reports = [.. json.RootElement.GetProperty("reports").EnumerateArray()];
            Assert.Equal(
                ["strangers", "partners", "idle"], reports.Select(report => report.GetProperty("bench").GetString()));
            Assert.All(reports, AssertNothingAllocated);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<JsonElement> Run(string guests, params string[] arguments)
    {
        NeedsOf(guests);
        return await PtnetProcess.RunForJson(["bench", .. arguments, "--guests", guests, .. Short]);
    }

    private static void NeedsOf(string guests)
    {
        if (string.Equals(guests, "vm", StringComparison.Ordinal))
        {
            Needs.Kvm();
        }
    }

    private static long Number(JsonElement report, string name) => report.GetProperty(name).GetInt64();

    private static void AssertNothingWrong(JsonElement report) => Assert.Equal(
        (0L, 0L, 0L, 0L),
        (Number(report, "lost"), Number(report, "duplicated"), Number(report, "reordered"), Number(report, "damaged")));

    private static void AssertNothingAllocated(JsonElement report) =>
        Assert.Equal((0L, 0L), (Number(report, "gc_collections"), Number(report, "allocated_bytes")));

    private static void AssertOrdered(JsonElement times)
    {
        double[] values =
            [.. ((string[])["p50", "p90", "p99", "p999", "max"]).Select(name => times.GetProperty(name).GetDouble())];
        Assert.True(Number(times, "count") > 0);
        Assert.Equal(values.Order(), values);
    }
}
