using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>The whole way of a user: <c>ptnet up</c>, <c>ptnet vm args</c>, an unmodified QEMU with a Linux guest, a
/// port detached and attached under traffic, the daemon stopped under a VM.</summary>
public sealed class DaemonQemuTests
{
    private const string Frames = "100000";
    private const string Receiver = "p}1";

    // The VM's ports: an end of a pipe, whose other end is a thread that checks; and a port of a switch to which
    // another thread sends. One with each kind of BAR.
    private const string Config =
        """
        [[pipe]]
        name = "p{1"
        master = { bar = "memory" }
        [pipe.slave.guest]
        program = "receive"
        verify = true

        [[port]]
        name = "vale0:vm"

        [[port]]
        name = "vale0:talker"
        [port.guest]
        program = "send"
        rate = 20000
        """;

    [Fact]
    public async Task A_guest_uses_the_ports_of_a_daemon_that_comes_goes_and_takes_them_away()
    {
        QemuTools tools = QemuTools.Need();
        using RunningDaemon daemon = await RunningDaemon.Start(Config);
        JsonElement machine = await daemon.Json("vm", "args", "vale0:vm", "p{1", "--memory", "256M");
        var options = new QemuVmOptions
        {
            Machine = [.. machine.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)],
        };
        await using QemuVm vm = await QemuVm.StartAsync(tools, "daemon", [], options);

        JsonElement idle = await daemon.Json("port", "show", "vale0:vm");
        Assert.Equal("waiting", idle.GetProperty("state").GetString());
        Assert.True(idle.GetProperty("device").GetProperty("connected").GetBoolean());
        await TheGuestSends(vm, daemon);
        await TheGuestReceivesUnlessItIsKeptAway(vm, daemon);
        await TheDaemonEndsUnderTheGuest(daemon);
    }

    [Fact]
    public async Task A_machine_in_the_foreground_ends_on_a_signal_and_the_port_waits_for_the_next_one()
    {
        QemuTools tools = QemuTools.Need();
        using RunningDaemon daemon = await RunningDaemon.Start("[[port]]\nname = \"vale0:vm\"\n");
        foreach ((string signal, int code) in ((string, int)[])[("INT", 130), ("TERM", 130)])
        {
            using PtnetProcess run = await Boot(tools, daemon);
            await run.Signal(signal);
            Assert.Equal(code, (await run.Finish()).Code);
            await daemon.Await("vale0:vm", port => !Connected(port));
        }

        using PtnetProcess killed = await Boot(tools, daemon);
        await new PtnetChild(killed.Id).Kill();
        Assert.NotEqual(0, (await killed.Finish()).Code);
        JsonElement port = await daemon.Await("vale0:vm", port => !Connected(port));
        Assert.Equal(("waiting", "no QEMU is connected"),
            (port.GetProperty("state").GetString(), port.GetProperty("note").GetString()));
        Assert.Equal(0, (await daemon.Stop()).Code);
        Assert.False(Directory.Exists(daemon.RunDirectory));
    }

    private static async Task<PtnetProcess> Boot(QemuTools tools, RunningDaemon daemon)
    {
        PtnetProcess run = PtnetProcess.Start(
            "vm", "run", "--kernel", tools.Kernel, "--initrd", tools.Initramfs, "--port", "vale0:vm",
            "--memory", "256M",
            "--qemu", tools.Qemu, "--accel", "tcg", "--run-dir", daemon.RunDirectory);
        await daemon.Await("vale0:vm", Connected);
        return run;
    }

    private static bool Connected(JsonElement port) => port.GetProperty("device").GetProperty("connected").GetBoolean();

    private static async Task TheGuestSends(QemuVm vm, RunningDaemon daemon)
    {
        await vm.MustAsync($"ptnet guest pkt-gen tx --port 1 --count {Frames} 2>&1");
        JsonElement received = await daemon.Await(
            Receiver, port => $"{port.GetProperty("guest").GetProperty("packets")}" is Frames);
        JsonElement guest = received.GetProperty("guest");
        Assert.Equal(("0", "0", "0"),
            ($"{guest.GetProperty("lost")}", $"{guest.GetProperty("damaged")}", $"{guest.GetProperty("reordered")}"));
        JsonElement sender = await daemon.Json("port", "show", "p{1");
        Assert.Equal(("waiting", "memory"),
            (sender.GetProperty("state").GetString(), sender.GetProperty("bar").GetString()));
        TestContext.Current.TestOutputHelper?.WriteLine($"after {Frames} frames: {sender.GetProperty("device")}");
    }

    private static async Task TheGuestReceivesUnlessItIsKeptAway(QemuVm vm, RunningDaemon daemon)
    {
        await vm.MustAsync("ptnet guest pkt-gen rx --port 0 >/tmp/rx 2>&1 & echo $! >/tmp/pid");
        JsonElement port = await daemon.Await("vale0:vm", port => Received(port) > 0);
        Assert.Equal(("attached", "memory", "intx"), (
            port.GetProperty("state").GetString(),
            port.GetProperty("device").GetProperty("csb").GetString(),
            port.GetProperty("device").GetProperty("interrupts").GetString()));
        Assert.Contains("QEMU is connected", (await daemon.Run("port", "show", "vale0:vm")).Output,
            StringComparison.Ordinal);

        port = await daemon.Json("port", "detach", "vale0:vm");
        Assert.Equal("detached", port.GetProperty("state").GetString());
        long before = Received(port);
        Assert.Equal(before, Received(await daemon.Json("port", "show", "vale0:vm")));
        Assert.Contains("ptnet port attach vale0:vm", (await daemon.Run("vm", "args", "vale0:vm")).Errors,
            StringComparison.Ordinal);

        port = await daemon.Json("port", "attach", "vale0:vm");
        Assert.Equal("attached", port.GetProperty("state").GetString());
        await daemon.Await("vale0:vm", port => Received(port) > before + 1000);
    }

    private static async Task TheDaemonEndsUnderTheGuest(RunningDaemon daemon)
    {
        PtnetResult ended = await daemon.Stop();
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.False(Directory.Exists(daemon.RunDirectory), ended.Errors);
        Assert.Contains("port vale0:vm: guest attached (qemu)", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("refused to the client", ended.Errors, StringComparison.Ordinal);
    }

    private static long Received(JsonElement port) => port.GetProperty("ring_state").EnumerateArray()
        .Single(ring => ring.GetProperty("direction").GetString() is "rx").GetProperty("packets").GetInt64();
}
