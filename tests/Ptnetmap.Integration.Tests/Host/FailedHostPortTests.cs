using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>Ports of the host that a daemon cannot open, and its descriptors.</summary>
public sealed class FailedHostPortTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Nothing_of_a_port_that_fails_stays_open()
    {
        Needs.Xdp();
        using var left = KernelHost.Create();
        using var right = KernelHost.Create();
        KernelHost.Connect(left, "nic0", right, "far");
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("port", "add", "netmap:nic0", "--netns", left.Path, "--transport", "none");
        string[][] failing =
        [
            ["netmap:second", "--interface", "nic0", "--netns", left.Path],
            ["netmap:far", "--mode", "zero-copy", "--netns", right.Path],
            ["netmap:many", "--interface", "far", "--rings", "3", "--netns", right.Path],
            ["netmap:none^", "--netns", right.Path],
            ["tap:lo", "--netns", right.Path],
        ];
        await Fail(daemon, failing);
        int before = Descriptors(daemon);
        await Fail(daemon, failing);

        // Connections of the commands take a moment to close.
        Assert.True(SpinWait.SpinUntil(() => Descriptors(daemon) <= before, Patience),
            $"{before} descriptors, {Descriptors(daemon)} after");
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    private static async Task Fail(RunningDaemon daemon, string[][] ports)
    {
        foreach (string[] port in ports)
        {
            PtnetResult result = await daemon.Run(["port", "add", .. port, "--transport", "none"]);
            Assert.True(result.Code != 0, result.Output);
        }
    }

    private static int Descriptors(RunningDaemon daemon) => Directory.GetFiles($"/proc/{daemon.Process.Id}/fd").Length;
}
