using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A change that does not end, and those that come after it.</summary>
public sealed class ChangeLockTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_stuck_change_is_named_to_those_that_come_after_it_and_does_not_keep_the_daemon_from_ending()
    {
        using var stuck = new ManualResetEventSlim();
        using var go = new ManualResetEventSlim();
        var transport = new StubTransport { Attaching = port => Hold(port, stuck, go) };
        using RunDirectory directory = RunDirectory.Open(_folder["run"]);
        var inventory = Open(directory, transport);
        Task change = Task.Factory.StartNew(
            () => inventory.AddPort(Port("vale0:slow")), TestContext.Current.CancellationToken,
            TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(stuck.Wait(Patience, TestContext.Current.CancellationToken));

        foreach (Action later in (Action[])
        [
            () => inventory.AddPort(Port("vale0:b")), () => inventory.RemovePort("vale0:b"),
            () => inventory.Detach("vale0:b"),
            () => inventory.Attach("vale0:b", null), () => inventory.AddDomain(new DomainSettings { Name = "d" }),
            () => inventory.RemoveDomain("d"), () => inventory.AddPipe(new PipeSettings { Name = "p{1" }),
            () => inventory.RemovePipe("p{1"),
            () => inventory.AddBridge(new BridgeSettings { Left = "vale0:x", Right = "vale1:x" }),
            () => inventory.RemoveBridge("vale0:x"),
            () => inventory.AddAttachment(new AttachmentSettings { Switch = "vale0", Port = "tap:x" }),
            () => inventory.RemoveAttachment("tap:x"),
        ])
        {
            RefusalException refusal = Assert.Throws<RefusalException>(later);
            Assert.Equal(RefusalKind.Busy, refusal.Kind);
            Assert.Contains("adding vale0:slow", refusal.Message, StringComparison.Ordinal);
        }

        inventory.Dispose();
        Assert.Single(_log.With("adding vale0:slow"));
        Assert.Empty(inventory.Ports);

        go.Set();
        await change.WaitAsync(Patience, TestContext.Current.CancellationToken).ContinueWith(_ => { },
            TestContext.Current.CancellationToken, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.True(change.IsCompleted);
        RefusalException late = Assert.Throws<RefusalException>(() => inventory.AddPort(Port("vale0:late")));
        Assert.Contains("ending", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_that_failed_leaves_its_name_and_its_region_to_the_next()
    {
        var transport = new StubTransport { Attaching = _ => throw new LinuxException("attach(stub)", 5) };
        using RunDirectory directory = RunDirectory.Open(_folder["run"]);
        using var inventory = Open(directory, transport);

        for (int attempt = 0; attempt < 2; attempt++)
        {
            Assert.Throws<LinuxException>(() => inventory.AddPort(Port("vale0:a")));
            Assert.Throws<LinuxException>(() => inventory.AddPipe(new PipeSettings { Name = "p{1", Slots = 64 }));
            Assert.Empty(inventory.Ports);
            Assert.Empty(inventory.Domains);
        }

        _ = inventory.AddPort(Port("vale0:a") with { Transport = "none" });
        Assert.Equal(1, Assert.Single(inventory.Domains).Region.Layout.Id);
    }

    [Fact]
    public void A_domain_that_is_not_there_is_refused_before_a_port_is_prepared()
    {
        string file = _folder["out.pcap"];
        File.WriteAllText(file, "dear");
        using RunDirectory directory = RunDirectory.Open(_folder["run"]);
        using var inventory = Open(directory, new StubTransport());

        RefusalException refusal = Assert.Throws<RefusalException>(
            () => inventory.AddPort(new PortSettings { Name = $"pcap:-,{file}", Domain = "nowhere" }));

        Assert.Equal(RefusalKind.NotFound, refusal.Kind);
        Assert.Equal("dear", File.ReadAllText(file));
    }

    private Inventory Open(RunDirectory directory, StubTransport transport) => new(
        new DaemonSettings { Workers = 1 }, [transport, new NoTransportFactory()], directory, _log,
        TimeSpan.FromMilliseconds(20));

    private static PortSettings Port(string name) => new() { Name = name, Slots = 64 };

    private static void Hold(string port, ManualResetEventSlim stuck, ManualResetEventSlim go)
    {
        if (string.Equals(port, "vale0:slow", StringComparison.Ordinal))
        {
            stuck.Set();
            go.Wait();
        }
    }
}
