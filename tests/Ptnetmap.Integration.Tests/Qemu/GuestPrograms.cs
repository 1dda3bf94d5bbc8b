using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary><c>ptnet guest</c> in a virtual machine: programs that run beside the shell, and their reports.</summary>
internal static class GuestPrograms
{
    /// <summary>Starts one in the background, by a name of the test's choice.</summary>
    internal static Task StartGuestAsync(this QemuVm vm, string name, string arguments) => vm.MustAsync(
        $"ptnet guest {arguments} --json - 2>/tmp/{name}.err >/tmp/{name} & echo $! >/tmp/{name}.pid");

    /// <summary>Waits until it has ended.</summary>
    internal static async Task<JsonElement> JoinGuestAsync(this QemuVm vm, string name)
    {
        string output = await vm.MustAsync(
            $"wait $(cat /tmp/{name}.pid); cat /tmp/{name}.err >&2; tail -n 1 /tmp/{name}");
        return ReportOf(output);
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    internal static async Task<JsonElement> StopGuestAsync(this QemuVm vm, string name)
    {
        await vm.MustAsync($"kill -TERM $(cat /tmp/{name}.pid)");
        return await vm.JoinGuestAsync(name);
    }

    /// <summary>Ends it without asking.</summary>
    internal static Task KillGuestAsync(this QemuVm vm, string name) =>
        vm.RunAsync($"kill -KILL $(cat /tmp/{name}.pid); wait $(cat /tmp/{name}.pid)");

    /// <summary>Runs one to its end.</summary>
    internal static async Task<JsonElement> GuestAsync(this QemuVm vm, string arguments) =>
        ReportOf(await vm.MustAsync(
            $"ptnet guest {arguments} --json - 2>/tmp/guest.err || {{ cat /tmp/guest.err; false; }}"));

    /// <summary>The kernel's interface at a port, up.</summary>
    internal static async Task StartTapAsync(this QemuVm vm, string options)
    {
        await vm.MustAsync("rm -f /tmp/up; mkfifo /tmp/up");
        await vm.MustAsync($"ptnet guest tap ptap0 {options} 2>/tmp/up & echo $! >/tmp/tap.pid");
        await vm.MustAsync("grep -m 1 'is up' /tmp/up");
    }

    /// <summary>Ends the program; the interface goes with it.</summary>
    internal static async Task StopTapAsync(this QemuVm vm)
    {
        await vm.RunAsync("kill -TERM $(cat /tmp/tap.pid); wait $(cat /tmp/tap.pid)");
        (int gone, _) = await vm.RunAsync("ip link show ptap0 2>/dev/null");
        Assert.NotEqual(0, gone);
    }

    /// <summary>All of <paramref name="packets"/> came, in order and whole.</summary>
    internal static void CheckWhole(JsonElement received, long packets) => Assert.Equal(
        $"{packets} 0 0 0 0",
        string.Join(' ',
            ((string[])["packets", "lost", "duplicated", "reordered", "damaged"]).Select(received.GetProperty)));

    private static JsonElement ReportOf(string output) => JsonDocument.Parse(output.Split('\n')[^1]).RootElement;
}
