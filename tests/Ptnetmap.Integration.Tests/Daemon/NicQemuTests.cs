using System.Text.Json;
using Ptnetmap.Integration.Tests.Host;
using Ptnetmap.Integration.Tests.Qemu;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A NIC queue of a daemon passed to a Linux guest under an unmodified QEMU; at the other end of the wire is
/// another NIC port of the daemon, with a thread.</summary>
[Collection(VirtualMachines.Name)]
public sealed class NicQemuTests : IDisposable
{
    // All of them fit into a ring: a guest that stands still on a busy machine loses none.
    private const long Frames = 4_000;
    private const string Slots = "4096";
    private const string Near = "netmap:near-0";
    private const string Far = "netmap:far-0";

    private readonly KernelHost _near;
    private readonly KernelHost _far;

    public NicQemuTests()
    {
        Needs.Xdp();
        (_near, _far) = (KernelHost.Create(), KernelHost.Create());
        KernelHost.Connect(_near, "near", _far, "far");
    }

    public void Dispose()
    {
        _near.Dispose();
        _far.Dispose();
    }

    [Fact]
    public async Task A_Linux_guest_receives_and_sends_on_the_queue_of_a_NIC()
    {
        QemuTools tools = QemuTools.Need();
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("port", "add", Near, "--netns", _near.Path, "--slots", Slots);
        JsonElement machine = await daemon.Json("vm", "args", Near, "--memory", "256M");
        var options = new QemuVmOptions
        {
            Machine = [.. machine.GetProperty("arguments").EnumerateArray().Select(argument => argument.GetString()!)],
        };
        await using QemuVm vm = await QemuVm.StartAsync(tools, "nic", [], options);

        await vm.StartGuestAsync("rx", $"pkt-gen rx --verify --count {Frames}");
        await daemon.Await(Near, port => port.GetProperty("state").GetString() is "attached");
        await daemon.Ptnet("port", "add", Far, "--netns", _far.Path, "--slots", Slots);
        await daemon.Ptnet("port", "attach", Far, "--program", "send", "--rate", $"{Frames}", "--packets", $"{Frames}");
        GuestPrograms.CheckWhole(await vm.JoinGuestAsync("rx"), Frames);

        await daemon.Ptnet("port", "rm", Far);
        await daemon.Ptnet("port", "add", Far, "--netns", _far.Path, "--slots", Slots);
        await daemon.Ptnet("port", "attach", Far, "--program", "receive", "--verify");
        JsonElement sent = await vm.GuestAsync($"pkt-gen tx --count {Frames} --rate {Frames}");
        Assert.Equal((Frames, 0), (sent.GetProperty("packets").GetInt64(), sent.GetProperty("unsent").GetInt64()));
        JsonElement far =
            await daemon.Await(Far, port => port.GetProperty("guest").GetProperty("packets").GetInt64() == Frames);
        GuestPrograms.CheckWhole(far.GetProperty("guest"), Frames);
        foreach (JsonElement port in (JsonElement[])[far, await daemon.Json("port", "show", Near)])
        {
            Assert.Equal(0, port.GetProperty("host").GetProperty("counters").GetProperty("copied_bytes").GetInt64());
        }
    }
}
