using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Service;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Daemon;

/// <summary>The end of a daemon of which a part fails: the others are taken down all the same.</summary>
public sealed class TeardownTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_step_is_done_and_every_failure_told_those_of_steps_within_too()
    {
        var done = new List<int>();
        var inner = new Teardown();
        inner.Step("b", () => throw new IOException("second")).Step("c", () => done.Add(3));
        var end = new Teardown();
        end.Step("a", () => throw new InvalidOperationException("first")).Step("inner", inner.Finish)
            .StepEach([4, 5], number => $"{number}", done.Add);

        TeardownException failed = Assert.Throws<TeardownException>(end.Finish);

        Assert.Equal([3, 4, 5], done);
        Assert.Equal(["a: first", "b: second"], failed.Failures.Select(failure => failure.ToString()));
        Assert.Contains("a: first; b: second", failed.Message, StringComparison.Ordinal);
        new Teardown().Step("nothing", () => { }).Finish();
    }

    [Fact]
    public async Task What_fails_is_logged_and_thrown_and_the_rest_is_taken_down()
    {
        var closed = new ConcurrentQueue<string>();
        DaemonHost host = await Start(new StubTransport
        {
            Closing = port =>
            {
                closed.Enqueue(port);
                throw new IOException($"{port} sticks");
            },
        });

        TeardownException failed = await Assert.ThrowsAsync<TeardownException>(async () => await host.DisposeAsync());

        // The factory is one as well, and has no port.
        Assert.Equal(["vale0:a", "vale0:b", ""], closed);
        Assert.Equal(3, failed.Failures.Count);
        Assert.Single(_log.With("guest of vale0:b could not be taken down: vale0:b sticks"));
        Assert.Empty(host.Inventory.Domains);
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public async Task A_port_whose_guest_sticks_is_gone_from_its_switch_and_its_domain_too()
    {
        bool sticks = true;
        await using DaemonHost host = await Start(new StubTransport
        {
            Closing = port =>
            {
                if (sticks)
                {
                    throw new IOException($"{port} sticks");
                }
            },
        });

        TeardownException failed = Assert.Throws<TeardownException>(() => host.Inventory.RemovePort("vale0:a"));
        sticks = false;

        Assert.Contains("vale0:a sticks", failed.Message, StringComparison.Ordinal);
        Assert.Equal(["vale0:b"], host.Inventory.Ports.Select(port => port.Name));
        Assert.Equal(["vale0:b"], host.Inventory.Domains.Select(domain => domain.Name));
        host.Inventory.AddPort(new PortSettings { Name = "vale0:a", Slots = 64 });
    }

    [Fact]
    public async Task Somebody_who_removes_the_run_directory_does_not_keep_the_rest_from_its_end()
    {
        DaemonHost host = await Start(new QemuTransportFactory());
        Directory.Delete(_folder["run"], recursive: true);

        await host.DisposeAsync();

        Assert.Empty(host.Inventory.Ports);
        Assert.Empty(_log.With("could not be taken down"));
    }

    private async Task<DaemonHost> Start(ITransportFactory transport)
    {
        using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var settings = new DaemonSettings
        {
            Workers = 1,
            Ports = [new PortSettings { Name = "vale0:a", Slots = 64 },
                new PortSettings { Name = "vale0:b", Slots = 64 }],
        };
        return await DaemonHost.Start(settings, _folder["run"], [transport], logs);
    }
}
