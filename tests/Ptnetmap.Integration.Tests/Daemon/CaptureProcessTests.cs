using System.Diagnostics;
using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>Captures of a daemon, as its users have them.</summary>
public class CaptureProcessTests
{
    private const int FileHeader = 24;
    private const int Record = 16 + 60;
    private const int Packets = 20_000;

    [Fact]
    public async Task Captures_are_in_the_callers_directory_by_the_same_name_for_all_commands()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();
        string name = $"pcap:-,{Path.GetRelativePath(Environment.CurrentDirectory, daemon.PathOf("out"))}";
        await daemon.Ptnet("port", "add", name, "--program", "send", "--packets", "3");
        await daemon.Await(name, port => TxOf(port).GetProperty("packets").GetInt64() == 3);
        Assert.Contains(name[(name.LastIndexOf('/') + 1)..], await daemon.Ptnet("stats", name),
            StringComparison.Ordinal);
        await daemon.Ptnet("port", "rm", name);
        Assert.Equal(FileHeader + (3 * Record), new FileInfo(daemon.PathOf("out")).Length);
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    [Fact]
    public async Task A_limit_on_the_size_of_files_ends_a_capture_with_exact_counts_and_not_the_daemon()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/prlimit"), "prlimit (util-linux) is not there");
        using RunningDaemon daemon = await RunningDaemon.Start();
        string name = $"pcap:-,{daemon.PathOf("out")}";
        await daemon.Ptnet("port", "add", name);
        using (Process limit = Process.Start("prlimit", ["--pid", $"{daemon.Process.Id}", "--fsize=500000:500000"]))
        {
            await limit.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, limit.ExitCode);
        }

        await daemon.Ptnet("port", "attach", name, "--program", "send", "--packets", $"{Packets}");
        JsonElement port = await daemon.Await(name, port => SumOf(TxOf(port)) == Packets);
        Assert.Contains("File too large", port.GetProperty("host").GetProperty("note").GetString(),
            StringComparison.Ordinal);
        long written = TxOf(port).GetProperty("packets").GetInt64();
        Assert.InRange(written, 1, Packets - 1);
        Assert.Equal(FileHeader + (written * Record), new FileInfo(daemon.PathOf("out")).Length);
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    [Theory]
    [InlineData("vale0:a", "no daemon")]
    [InlineData("pcap:x,-", "the current directory is not there any more")]
    [InlineData("pcap:/x,-", "no daemon")]
    public async Task A_current_directory_that_is_gone_is_told_where_it_matters(string port, string reason)
    {
        string folder = Directory.CreateTempSubdirectory("ptnet").FullName;
        ProcessStartInfo start = new(
            "/bin/sh",
            ["-c", "cd \"$1\" && rmdir \"$1\" && exec \"$2\" --run-dir \"$1\" port show \"$3\"", "sh", folder,
                Path.Combine(AppContext.BaseDirectory, "ptnet"), port])
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.InRange(process.ExitCode, 1, 2);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", errors, StringComparison.Ordinal);
    }

    private static JsonElement TxOf(JsonElement port) =>
        port.GetProperty("ring_state").EnumerateArray()
            .First(ring => ring.GetProperty("direction").GetString() == "tx");

    private static long SumOf(JsonElement ring) =>
        ring.GetProperty("packets").GetInt64() +
            ring.GetProperty("drops").EnumerateObject().Sum(drop => drop.Value.GetInt64());
}
