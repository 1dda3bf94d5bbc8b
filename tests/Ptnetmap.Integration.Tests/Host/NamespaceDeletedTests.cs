using System.Text.Json;
using Ptnetmap.Integration.Tests.Daemon;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>A network namespace that is deleted while a daemon's ports have a NIC and a TAP in it, under
/// load.</summary>
public sealed class NamespaceDeletedTests : IDisposable
{
    private static readonly string[] Doomed = ["netmap:nic0", "tap:doomed"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KernelHost _remote;
    private readonly KernelHost _one;
    private readonly KernelHost _two;

    public NamespaceDeletedTests()
    {
        Needs.Xdp();
        (_remote, _one, _two) = (KernelHost.Create(), KernelHost.Create(), KernelHost.Create());
    }

    public void Dispose()
    {
        _remote.Dispose();
        _one.Dispose();
        _two.Dispose();
    }

    [Fact]
    public async Task The_daemon_lives_its_other_ports_work_and_nothing_is_left_of_those()
    {
        using var space = new NamedNamespace();
        using RunningDaemon daemon = await RunningDaemon.Start();
        await daemon.Ptnet("switch", "attach", "vale0", "tap:one", "--netns", _one.Path);
        await daemon.Ptnet("switch", "attach", "vale0", "tap:two", "--netns", _two.Path);
        _one.Address("one", "10.9.0.1");
        _two.Address("two", "10.9.0.2");
        string before = Descriptors(daemon);

        // The one sends to the other as fast as it goes, out of the namespace and into it.
        MakeVeth(space);
        await daemon.Ptnet("port", "add", Doomed[0], "--netns", space.Name);
        await daemon.Ptnet("port", "attach", Doomed[0], "--program", "send");
        await daemon.Ptnet("port", "add", Doomed[1], "--netns", space.Name);
        await daemon.Ptnet("port", "attach", Doomed[1], "--program", "send");
        foreach (string port in Doomed)
        {
            await daemon.Await(port, shown => shown.GetProperty("guest").GetProperty("packets").GetInt64() > 10_000);
        }

        space.Delete();
        foreach (string port in Doomed)
        {
            JsonElement gone =
                await daemon.Await(port, shown => shown.GetProperty("host").GetProperty("link").GetString() is "gone");
            Assert.Contains(space.Name, gone.GetProperty("host").GetProperty("note").GetString(),
                StringComparison.Ordinal);
            Assert.False(gone.GetProperty("host").TryGetProperty("kernel", out _));
        }

        await UdpEcho.Run(_one, _two, "10.9.0.2");
        foreach (string port in Doomed)
        {
            await daemon.Ptnet("port", "rm", port);
        }

        // The namespace is gone with them, and so is the other end of the cable.
        Assert.True(SpinWait.SpinUntil(() => !_remote.Has("far"), Patience), "the namespace stays");
        await UdpEcho.Run(_two, _one, "10.9.0.1");
        Assert.Equal(2, (await daemon.Json("domain", "ls")).GetArrayLength());
        Assert.Equal(before, Descriptors(daemon));
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    private void MakeVeth(NamedNamespace space)
    {
        using NetworkNamespace target = space.Open();
        KernelHost.Connect(_remote, "far", target, "nic0");
    }

    // Queues of TAPs, programs and maps, regions. Sockets keep their namespace, which is gone.
    private static string Descriptors(RunningDaemon daemon) => string.Join(
        ", ",
        from name in Directory.GetFiles($"/proc/{daemon.Process.Id}/fd")
        let target = new FileInfo(name).LinkTarget ?? ""
        where target.StartsWith("/dev/net/tun", StringComparison.Ordinal)
            || target.StartsWith("/memfd:", StringComparison.Ordinal)
            || target.StartsWith("anon_inode:bpf", StringComparison.Ordinal)
        group target by target into kind
        orderby kind.Key
        select $"{kind.Count()} {kind.Key}");
}
