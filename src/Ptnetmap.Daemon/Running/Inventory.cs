using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Nic.Ledger;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Running;

/// <summary>All that the daemon serves, by name: trust domains, ports, pipes. Changes are made one at a time; whoever
/// reads gets a list that does not change and waits for nobody.</summary>
public sealed partial class Inventory : IDisposable
{
    private static readonly TimeSpan ChangePatience = TimeSpan.FromSeconds(10);

    private readonly TimeSpan _patience;
    private readonly ChangeLock _changes;
    private readonly Reservations _coming = new();
    private readonly Host _host;
    private readonly IPortKind[] _kinds;
    private readonly ITransportFactory[] _transports;
    private readonly RunDirectory _directory;
    private readonly ILogger _log;
    private volatile TrustDomain[] _domains = [];
    private volatile ServedPort[] _ports = [];
    private volatile ServedPipe[] _pipes = [];
    private volatile bool _applies;

    /// <summary>Starts the workers of an empty daemon.</summary>
    /// <param name="settings">Workers, policy and switches; the rest is made by <see cref="Apply"/>.</param>
    /// <param name="transports">The ways in, the usual one first.</param>
    /// <param name="directory">Where sockets go.</param>
    /// <param name="log">Where to say what happens.</param>
    /// <param name="patience">How long a change waits for the one before it; null: 10 s.</param>
    public Inventory(
        DaemonSettings settings, IReadOnlyList<ITransportFactory> transports, RunDirectory directory, ILogger log, TimeSpan? patience = null)
    {
        _patience = patience ?? ChangePatience;
        _changes = new ChangeLock(_patience);
        Settings = settings;
        _transports = [.. transports];
        _directory = directory;
        _log = log;
        var changes = new NicLedger(directory.NicChangesFile);
        if (changes.Recover() is > 0 and var left)
        {
            InventoryLog.NicChangesUndone(_log, Quantity.Of(left, "change"));
        }

        foreach (string refusal in changes.Refusals)
        {
            InventoryLog.NicChangeLeft(_log, refusal);
        }

        RequireCpus(settings);
        _host = new Host(NotificationPolicy.Parse(settings.Policy), settings.Workers, settings.Cpus, CreateSwitch, changes);
        _kinds =
        [
            new ValeKind(_host.Switches, SettingsOf), new TapKind(_host), new PcapKind(_host.Quiescence, NeededFiles),
            new HostStackKind(_host), new NicKind(_host),
        ];
        _host.Nics.Changed = link => InventoryLog.LinkChanged(_log, link.PortName, link.InterfaceName, link.State, link.Note);
        _host.Nics.Renamed = (link, before) => InventoryLog.Renamed(_log, link.PortName, before, link.Called);
        _host.Nics.Left = (link, what) => InventoryLog.InterfaceLeft(_log, link.PortName, what);
        _host.Quiescence.Stuck = name => InventoryLog.PassStuck(_log, name);
        _host.Workers.RingFailed = ring => RingFailed(ring);
    }

    /// <summary>The settings that it was started with.</summary>
    public DaemonSettings Settings { get; }

    /// <summary>The threads that run sync loops.</summary>
    public WorkerPool Workers => _host.Workers;

    /// <summary>Where sockets go.</summary>
    public RunDirectory Directory => _directory;

    /// <summary>The trust domains now.</summary>
    public IReadOnlyList<TrustDomain> Domains => _domains;

    /// <summary>The ports now, ends of pipes included.</summary>
    public IReadOnlyList<ServedPort> Ports => _ports;

    /// <summary>The pipes now.</summary>
    public IReadOnlyList<ServedPipe> Pipes => _pipes;

    /// <summary>The switches that have ports now.</summary>
    public IReadOnlyList<ValeSwitch> Switches => _host.Switches.Switches;

    /// <summary>The ways in, the usual one first.</summary>
    public IEnumerable<string> TransportKinds => _transports.Select(factory => factory.Kind);

    /// <summary>Called when a guest has come or gone, by whoever noticed.</summary>
    public Action GuestChanged { get; set; } = () => { };

    /// <summary>Called when a ring stands still for good, by whoever ran its pass: it is not to wait.</summary>
    public Action<ServedRing> RingFailed { get; set; } = _ => { };

    /// <summary>Makes what the configuration file says.</summary>
    /// <exception cref="RefusalException">Something of it cannot be.</exception>
    /// <exception cref="RegionLimitException">A region cannot be as large.</exception>
    /// <remarks>An interface or a network namespace that is not there yet is waited for: its port is down until then.</remarks>
    public void Apply(DaemonSettings settings)
    {
        (_host.Nics.WaitsForInterfaces, _applies) = (true, true);
        try
        {
            MakeAll(settings);
        }
        finally
        {
            (_host.Nics.WaitsForInterfaces, _applies) = (false, false);
        }

        Keep(_ports);
    }

    private void MakeAll(DaemonSettings settings)
    {
        foreach (DomainSettings domain in settings.Domains)
        {
            Make(domain, () => AddDomain(DomainSizes.Of(domain, settings)));
        }

        foreach (PortSettings port in settings.Ports)
        {
            Make(port, () => AddPort(port));
        }

        foreach (PipeSettings pipe in settings.Pipes)
        {
            Make(pipe, () => AddPipe(pipe));
        }

        foreach (BridgeSettings bridge in settings.Bridges)
        {
            Make(bridge, () => AddBridge(bridge));
        }
    }

    /// <summary>The trust domain of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public TrustDomain FindDomain(string name) =>
        Array.Find(_domains, domain => Same(domain.Name, name)) ?? throw NoDomain(name);

    /// <summary>The port of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedPort FindPort(string name) =>
        Array.Find(_ports, port => Same(port.Name, name)) ?? throw NotFound("port", name, _ports.Select(port => port.Name));

    /// <summary>The pipe of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedPipe FindPipe(string name) =>
        Array.Find(_pipes, pipe => Same(pipe.Name, name)) ?? throw NotFound("pipe", name, _pipes.Select(pipe => pipe.Name));

    /// <summary>Lets guests into a port; with settings: guests of that kind from now on.</summary>
    /// <exception cref="RefusalException">The port is not there, has a guest, or lets nobody in.</exception>
    public ServedPort Attach(string name, GuestSettings? guest)
    {
        if (guest is not null)
        {
            Require(SettingsRules.Check(guest));
        }

        AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"attaching {name}");
        ServedPort port = FindPort(name);
        RefuseBridged(port);
        Require(GuestRules.Fit("guest.frame", guest, port.Domain));
        if (guest is null)
        {
            port.Transport.Attach();
            return port;
        }

        if (port.HasGuest || port.Transport.Device is { IsConnected: true })
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {name} has a guest already; {(port.HasGuest ? $"detach that one first (ptnet port detach {name})" : "end its VM first")}");
        }

        TransportContext context = port.Context with
        {
            Settings = port.Context.Settings with { Guest = guest, Transport = ThreadTransport.Name },
        };
        IPortTransport transport = FactoryOf(ThreadTransport.Name).Create(context);
        port.Transport.Dispose();
        port.Transport = transport;
        transport.Attach();
        return port;
    }

    /// <summary>Takes a port's guest away, whatever it is doing, and lets nobody in until <see cref="Attach"/>.</summary>
    /// <exception cref="RefusalException">The port is not there, or has no guest but a bridge.</exception>
    public ServedPort Detach(string name)
    {
        AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"detaching {name}");
        ServedPort port = FindPort(name);
        RefuseBridged(port);
        port.Transport.Detach();
        return port;
    }

    /// <summary>Detaches all guests, closes all ports, and ends the workers: each of these, whatever becomes of the others. A
    /// change that does not end is not waited for.</summary>
    /// <exception cref="TeardownException">Something of that failed.</exception>
    public void Dispose()
    {
        using ChangeLock.Scope? change = _changes.Close(_patience / 2);
        if (change is null)
        {
            InventoryLog.ChangeLeft(_log, _changes.Describe());
        }

        var end = new Teardown();
        end.StepEach(_ports, port => $"guest of {port.Name}", port => port.Transport.Dispose())
            .StepEach(_transports, factory => $"transport {factory.Kind}", factory => factory.Dispose())
            .StepEach(_bridges, bridge => $"bridge {bridge.Name}", bridge => bridge.Splice.Dispose());
        _host.TakeDown(end, _ports.Select(port => port.Port));
        end.StepEach(_domains, domain => $"trust domain {domain.Name}", domain => domain.Region.Dispose());
        (_bridges, _ports, _pipes, _domains) = ([], [], [], []);
        end.Finish();
    }

    // Those of the run directory that are not open all the time, and the configuration.
    private IEnumerable<string> NeededFiles() => Settings.File is { } file ? [_directory.NicChangesFile, file] : [_directory.NicChangesFile];

    // What cannot be is told with its place in the file.
    private void Make(object settings, Action make)
    {
        try
        {
            make();
        }
        catch (Exception failure) when (Settings.Places.Of(settings) is { } place)
        {
            throw new RefusalException((failure as RefusalException)?.Kind ?? RefusalKind.Conflict, $"{place}: {failure.Message}", failure);
        }
    }

    private static void RequireCpus(DaemonSettings settings)
    {
        IReadOnlyList<int> allowed = CpuSet.Allowed;
        int[] outside = allowed.Count == 0 ? [] : [.. settings.Cpus.Except(allowed)];
        if (outside.Length > 0)
        {
            string place = settings.Places.Of(settings.Cpus) is { } line ? $"{line}: " : "";

            // It is the machine that does not have them.
            throw new RefusalException(
                RefusalKind.Conflict,
                $"{place}cpus: {CpuSet.Describe([.. outside.Order()])}: this process may run on {CpuSet.Describe(allowed)} (nproc, cpuset)");
        }
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    private static void Require(IEnumerable<Fault> faults)
    {
        Fault[] found = [.. faults];
        if (found.Length > 0)
        {
            throw new RefusalException(found);
        }
    }

    private static RefusalException NotFound(string what, string name, IEnumerable<string> names)
    {
        string[] known = [.. names];
        string there = known.Length switch { 0 => "there is none", 1 => $"there is {known[0]}", _ => $"there are {string.Join(", ", known)}" };
        return new RefusalException(RefusalKind.NotFound, $"no {what} '{Printable.Name(name)}'; {there}");
    }

    private ValeSwitch<LearningLookup> CreateSwitch(string name) =>
        ValeSwitch.Create(name, TimeSpan.FromSeconds(SettingsOf(name).AgeingSeconds), TimeProvider.System);

    private SwitchSettings SettingsOf(string vale) =>
        Settings.Switches.FirstOrDefault(other => Same(other.Name, vale)) ?? new SwitchSettings { Name = vale };
}
