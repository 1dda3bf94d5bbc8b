using System.Text.Json;
using System.Text.RegularExpressions;
using Ptnetmap.Integration.Tests.Daemon;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary><c>ptnet demo --guests qemu</c>, with the QEMU, kernel and initramfs of the other tests.</summary>
[Collection(VirtualMachines.Name)]
public sealed partial class LinuxDemoTests
{
    [Fact]
    public async Task Two_Linux_machines_are_strangers_then_partners_and_nothing_is_left()
    {
        QemuTools tools = QemuTools.Need();

        PtnetResult result = await PtnetProcess.Run([.. Demo(tools, "2"), "--json", "-"]);

        Assert.True(result.Code == 0, $"{result.Code}: {result.Errors}");
        TestContext.Current.TestOutputHelper?.WriteLine(result.Errors);
        using JsonDocument json = JsonDocument.Parse(result.Output);
        JsonElement[] reports = [.. json.RootElement.GetProperty("reports").EnumerateArray()];
        Assert.Equal(
            ["strangers vale qemu tcg", "partners pipe qemu tcg"],
            reports.Select(report => string.Join(
                ' ', ((string[])["bench", "via", "guests", "accelerator"])
                    .Select(name => report.GetProperty(name).GetString()))));
        foreach (JsonElement report in reports)
        {
            long lost = Count(report, "lost");
            Assert.True(Count(report, "received") > 0);
            Assert.Equal(lost, report.GetProperty("drops").EnumerateObject().Sum(drop => drop.Value.GetInt64()));
            Assert.Equal((0, 0, 0),
                (Count(report, "duplicated"), Count(report, "reordered"), Count(report, "damaged")));
        }

        Assert.Equal(0, Count(reports[1], "lost"));
        Assert.Contains("kicks a million packets", result.Errors, StringComparison.Ordinal);
        Assert.False(Directory.Exists(FolderIn(result.Errors)));
    }

    [Fact]
    public async Task A_signal_ends_the_machines_as_well()
    {
        QemuTools tools = QemuTools.Need();
        using PtnetProcess demo = PtnetProcess.Start([.. Demo(tools, "600"), "--json", "/dev/null"]);
        string folder = FolderIn(await demo.WaitForLine("--run-dir"));
        await demo.WaitForLine("Mpps");
        var machine = new PtnetChild(demo.Id);

        await demo.Signal("TERM");

        PtnetResult result = await demo.Finish();
        Assert.Equal((130, ""), (result.Code, result.Errors));
        Assert.Contains("Stopped before the end", result.Output, StringComparison.Ordinal);
        Assert.False(machine.IsAlive);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task A_QEMU_that_is_none_is_refused_and_it_is_said_where_to_get_one()
    {
        PtnetResult result = await PtnetProcess.Run("demo", "--guests", "qemu", "--qemu", "/bin/true");
        Assert.Equal(1, result.Code);
        Assert.Contains("/bin/true (from --qemu)", result.Errors, StringComparison.Ordinal);
        Assert.Contains("eng/fetch-qemu", result.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/nowhere/initramfs", "demo", "--guests", "qemu", "--initrd", "/nowhere/initramfs")]
    [InlineData("--accel goes with --guests qemu", "demo", "--guests", "thread", "--accel", "tcg")]
    public async Task A_mistake_is_named(string named, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(arguments);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    private static string[] Demo(QemuTools tools, string seconds) =>
    [
        "demo", "--guests", "qemu", "--seconds", seconds, "--accel", "tcg", "--qemu", tools.Qemu, "--kernel",
        tools.Kernel,
        "--initrd", tools.Initramfs,
    ];

    private static long Count(JsonElement report, string name) => report.GetProperty(name).GetInt64();

    private static string FolderIn(string text) =>
        Path.GetDirectoryName(RunDirectory().Match(text).Groups["path"].Value)!;

    [GeneratedRegex(@"--run-dir (?<path>/\S+)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RunDirectory();
}
