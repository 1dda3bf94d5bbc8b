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

        SkipWhereInterruptsAreIgnored();
        string[] before = SharedMemory();
        string file = Path.GetTempFileName();
        try
        {
            using PtnetProcess demo = PtnetProcess.Start("demo", "--seconds", "600", "--guests", guests, "--json", file);
            await demo.WaitForLine("Mpps");
            Assert.Empty(Children(demo.Id));
            await demo.Signal(signal);
            PtnetResult result = await demo.Finish();

            Assert.Equal((130, ""), (result.Code, result.Errors));
            Assert.Contains("in all", result.Output, StringComparison.Ordinal);
            Assert.Contains("Stopped", result.Output, StringComparison.Ordinal);
            using JsonDocument json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
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

    private static string[] SharedMemory() =>
        Directory.Exists(SharedMemoryFolder) ? Directory.GetFileSystemEntries(SharedMemoryFolder) : [];

    private static string[] Children(int process) => File
        .ReadAllText($"/proc/{process}/task/{process}/children")
        .Split(' ', StringSplitOptions.RemoveEmptyEntries);

    // A shell starts background jobs with SIGINT ignored, and children inherit that.
    private static void SkipWhereInterruptsAreIgnored()
    {
        string line = File.ReadLines("/proc/self/status").First(text => text.StartsWith("SigIgn:", StringComparison.Ordinal));
        ulong ignored = Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16);
        if ((ignored & 0x2) != 0)
        {
            Assert.Skip("SIGINT is ignored here (a background job of a shell), and so in every child");
        }
    }
}
