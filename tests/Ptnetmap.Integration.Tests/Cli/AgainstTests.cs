using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>The kernel's UDP beside round trips of ours.</summary>
public class AgainstTests
{
    [Fact]
    public async Task Round_trips_are_compared_with_the_kernels()
    {
        Needs.Xdp();
        JsonElement report = await PtnetProcess.RunForJson(
            "bench", "rtt", "--guests", "thread", "--seconds", "0.1", "--runs", "2", "--against", "kernel-udp");
        JsonElement against = report.GetProperty("against");
        JsonElement times = against.GetProperty("latency_us");
        double ours = report.GetProperty("latency_us").GetProperty("p50").GetDouble();
        double its = times.GetProperty("p50").GetDouble();
        Assert.True(times.GetProperty("count").GetInt64() > 0);
        Assert.InRange(its, double.Epsilon, times.GetProperty("max").GetDouble());
        Assert.Equal(ours / its, against.GetProperty("ratio").GetDouble(), 9);
    }

    [Fact]
    public async Task Nothing_is_compared_unless_asked_for()
    {
        JsonElement report = await PtnetProcess.RunForJson(
            "bench", "rtt", "--guests", "thread", "--seconds", "0.1", "--runs", "1");
        Assert.False(report.TryGetProperty("against", out _));
    }
}
