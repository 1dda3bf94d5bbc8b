using System.Text.Json;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Linux VMs as one more kind of guest of the measurements, with the QEMU, kernel and initramfs of the other
/// tests.</summary>
[Collection(VirtualMachines.Name)]
public sealed class LinuxBenchTests
{
    [Fact]
    public async Task Linux_machines_exchange_as_many_packets_as_asked_for_and_lose_none_on_a_pipe()
    {
        QemuTools tools = QemuTools.Need();

        JsonElement report = await PtnetProcess.RunForJson(
            "bench", "v2v", "--guests", "qemu", "--via", "pipe", "--verify", "--packets", "20k", "--rings", "2",
            "--runs", "1",
            "--accel", "tcg", "--qemu", tools.Qemu, "--kernel", tools.Kernel, "--initrd", tools.Initramfs);

        Assert.Equal(
            ("qemu", "tcg"), (report.GetProperty("guests").GetString(), report.GetProperty("accelerator").GetString()));
        Assert.Equal(
            [20_000, 20_000, 0, 0, 0, 0],
            ((string[])["sent", "received", "lost", "duplicated", "reordered", "damaged"]).Select(
                name => report.GetProperty(name).GetInt64()));
    }

    [Theory]
    [InlineData("--accel goes with --guests qemu", "v2v", "--guests", "thread", "--accel", "tcg")]
    [InlineData("--both-ways goes with --guests thread and vm", "v2v", "--guests", "qemu", "--both-ways")]
    [InlineData("--guests qemu: expected auto, vm, thread", "chain", "--guests", "qemu")]
    public async Task What_does_not_go_together_is_named(string named, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(["bench", .. arguments]);
        Assert.Equal(2, result.Code);
        Assert.Contains(named, result.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_QEMU_that_is_none_is_refused_and_it_is_said_where_to_get_one()
    {
        PtnetResult result = await PtnetProcess.Run("bench", "idle", "--guests", "qemu", "--qemu", "/bin/true");
        Assert.Equal(1, result.Code);
        Assert.Contains("eng/fetch-qemu", result.Errors, StringComparison.Ordinal);
    }
}
