using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Observing;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Service;

/// <summary>A daemon at work, put together: run directory, inventory, observer, API. Its parts are torn down in the
/// reverse order and leave nothing behind.</summary>
public sealed class DaemonHost : IAsyncDisposable
{
    private readonly RunDirectory _directory;
    private readonly GuestObserver _observer;
    private readonly ControlServer _server;
    private readonly ILogger _log;

    private DaemonHost(
        RunDirectory directory, Inventory inventory, GuestObserver observer, ControlServer server, ILogger log)
    {
        _directory = directory;
        Inventory = inventory;
        _observer = observer;
        _server = server;
        _log = log;
    }

    /// <summary>What it serves.</summary>
    public Inventory Inventory { get; }

    /// <summary>The ways in that a daemon has by itself; <c>qemu</c> is the usual one.</summary>
    public static IReadOnlyList<ITransportFactory> CreateTransports() =>
        [new QemuTransportFactory(), new NoTransportFactory(), new ThreadTransportFactory()];

    /// <summary>Starts a daemon; on return it serves. It owns <paramref name="transports"/> from then on.</summary>
    /// <exception cref="RunDirectoryException">The run directory cannot be had.</exception>
    /// <exception cref="RefusalException">The configuration asks for something that cannot be.</exception>
    public static async Task<DaemonHost> Start(
        DaemonSettings settings, string runDirectory, IReadOnlyList<ITransportFactory> transports, ILoggerFactory logs)
    {
        ILogger log = logs.CreateLogger("ptnet");
        RunDirectory directory = RunDirectory.Open(runDirectory);
        Inventory? inventory = null;
        GuestObserver? observer = null;
        try
        {
            if (directory.DeadProcess is { } dead)
            {
                HostLog.Replaced(log, directory.Path, dead);
            }

            inventory = new Inventory(settings, transports, directory, log);
            observer = new GuestObserver(inventory, log);
            inventory.Apply(settings);
            ControlServer server = await ControlServer.Start(inventory, logs);
            string workers = Quantity.Of(inventory.Workers.Workers.Count, "worker");
            HostLog.Ready(log, directory.ControlSocket, workers, settings.Policy);
            return new DaemonHost(directory, inventory, observer, server, log);
        }
        catch
        {
            var end = new Teardown();
            _ = inventory is null
                ? end.StepEach(transports, transport => $"transport {transport.Kind}", transport => transport.Dispose())
                : end.Step("inventory", inventory.Dispose);
            end.Step("observer", () => observer?.Dispose()).Step("run directory", directory.Dispose);
            Tell(log, end);
            throw;
        }
    }

    /// <summary>Logs why a daemon ends that does not end well, in the form of all other lines.</summary>
    public static void LogFailure(ILoggerFactory logs, string failure)
    {
        ILogger log = logs.CreateLogger("ptnet");
        HostLog.Failed(log, failure);
    }

    /// <summary>Logs a signal that is not obeyed.</summary>
    /// <param name="logs">The daemon's logs.</param>
    /// <param name="signal">Its name: <c>SIGHUP</c>.</param>
    public static void LogIgnored(ILoggerFactory logs, string signal) =>
        HostLog.Ignored(logs.CreateLogger("ptnet"), signal);

    /// <summary>Lets go of what starting left behind, so that the first collection while packets move finds little to
    /// do.</summary>
    public static void Settle() =>
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);

    /// <summary>Ends it: every part, whatever becomes of the others. What fails is logged.</summary>
    /// <exception cref="TeardownException">Something of it failed.</exception>
    public async ValueTask DisposeAsync()
    {
        int collections = GC.CollectionCount(0);
        double milliseconds = GC.GetTotalPauseDuration().TotalMilliseconds;
        HostLog.Stopping(_log, collections, milliseconds);
        var end = new Teardown();
        await end.StepAsync("API", _server.DisposeAsync);
        end.Step("inventory", Inventory.Dispose).Step("observer", _observer.Dispose).Step("run directory",
            _directory.Dispose);
        Tell(_log, end);
        end.Finish();
    }

    private static void Tell(ILogger log, Teardown end)
    {
        foreach (TeardownFailure failure in end.Failures)
        {
            HostLog.NotTakenDown(log, failure.What, failure.Failure.Message);
        }
    }
}
