using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Cli;

public class SignalTests
{
    private const string SharedMemoryFolder = "/dev/shm";

    [Theory]
    [InlineData("INT", "thread")]
    [InlineData("TERM", "thread")]
    [InlineData("INT", "vm")]
    public async Task A_signal_ends_a_run_in_good_order(string signal, string guests)
    {
        if (string.Equals(guests, "vm", StringComparison.Ordinal))
        {
            Needs.Kvm();
        }

        PtnetProcess.SkipWhereInterruptsAreIgnored();
        string[] before = SharedMemory();
        string file = Path.GetTempFileName();
        try
        {
            using PtnetProcess demo =
                PtnetProcess.Start("demo", "--seconds", "600", "--guests", guests, "--json", file);
            await demo.WaitForLine("Mpps");
            Assert.Empty(Children(demo.Id));
            await demo.Signal(signal);
            PtnetResult result = await demo.Finish();

            Assert.Equal((130, ""), (result.Code, result.Errors));
            Assert.Contains("in all", result.Output, StringComparison.Ordinal);
            Assert.Contains("Stopped", result.Output, StringComparison.Ordinal);
            using JsonDocument json =
                JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            JsonElement report = Assert.Single(json.RootElement.GetProperty("reports").EnumerateArray());
            Assert.True(report.GetProperty("interrupted").GetBoolean());
            Assert.True(report.GetProperty("received").GetInt64() > 0);
        }
        finally
        {
            File.Delete(file);
        }

        Assert.Empty(SharedMemory().Except(before).Where(name => name.Contains("ptnet", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Signals_that_are_sent_by_mistake_do_nothing_and_SIGQUIT_ends_in_good_order()
    {
        PtnetProcess.SkipWhereInterruptsAreIgnored();
        using PtnetProcess demo = PtnetProcess.Start("demo", "--seconds", "600", "--guests", "thread");
        await demo.WaitForLine("Mpps");
        foreach (string signal in (string[])["USR1", "USR2", "ALRM"])
        {
            await demo.Signal(signal);
            await demo.WaitForLine("Mpps");
        }

        await demo.Signal("QUIT");
        PtnetResult result = await demo.Finish();

        Assert.Equal((130, ""), (result.Code, result.Errors));
        Assert.Contains("Stopped", result.Output, StringComparison.Ordinal);
    }

    private static string[] SharedMemory() =>
        Directory.Exists(SharedMemoryFolder) ? Directory.GetFileSystemEntries(SharedMemoryFolder) : [];

    private static string[] Children(int process) => File
        .ReadAllText($"/proc/{process}/task/{process}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
