using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Running;

/// <summary>All that the daemon serves, by name: trust domains, ports, pipes, bridges, attachments, a registry each.
/// Changes are made one at a time: what may take long is prepared by the registry without the lock, and what was
/// prepared and is not used is given back; whoever reads gets a list that does not change and waits for
/// nobody.</summary>
public sealed class Inventory : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly ChangeLock _changes;
    private readonly Host _host;
    private readonly ILogger _log;
    private readonly TransportTable _transports;
    private readonly DomainRegistry _domains;
    private readonly PortRegistry _ports;
    private readonly PipeRegistry _pipes;
    private readonly BridgeRegistry _bridges;
    private readonly AttachmentRegistry _attachments;

    /// <summary>Starts the workers of an empty daemon.</summary>
    /// <param name="settings">Workers, policy and switches; the rest is made by <see cref="Apply"/>.</param>
    /// <param name="transports">The ways in, the usual one first.</param>
    /// <param name="directory">Where sockets go.</param>
    /// <param name="log">Where to say what happens.</param>
    /// <param name="patience">How long a change waits for the one before it; null: 10 s.</param>
    public Inventory(
        DaemonSettings settings, IReadOnlyList<ITransportFactory> transports, RunDirectory directory, ILogger log,
        TimeSpan? patience = null)
    {
        _patience = patience ?? TimeSpan.FromSeconds(10);
        _changes = new ChangeLock(_patience);
        Settings = settings;
        Directory = directory;
        _log = log;
        NicLedger changes = NicRecovery.Undo(directory.NicChangesFile, log);
        CpuRules.Require(settings);
        _host =
            new Host(NotificationPolicy.Parse(settings.Policy), settings.Workers, settings.Cpus, CreateSwitch, changes);
        IPortKind[] kinds =
        [
            new ValeKind(_host.Switches, SettingsOf), new TapKind(_host), new PcapKind(_host.Quiescence, NeededFiles),
            new HostStackKind(_host), new NicKind(_host),
        ];
        var coming = new Reservations();
        _transports = new TransportTable([.. transports], _host, directory, log, () => GuestChanged());
        _domains = new DomainRegistry(coming, log);
        _ports = new PortRegistry(kinds, _transports, _domains, coming, log);
        _pipes = new PipeRegistry(_ports, _transports, _domains, _host);
        _bridges = new BridgeRegistry(_ports, _domains, _host, SettingsOf, log);
        _attachments = new AttachmentRegistry(_bridges, _ports);
        _host.Nics.Changed =
            link => InventoryLog.LinkChanged(_log, link.PortName, link.InterfaceName, link.State, link.Note);
        _host.Nics.Renamed = (link, before) => InventoryLog.Renamed(_log, link.PortName, before, link.Called);
        _host.Nics.Left = (link, what) => InventoryLog.InterfaceLeft(_log, link.PortName, what);
        _host.Quiescence.Stuck = name => InventoryLog.PassStuck(_log, name);
        _host.Workers.RingFailed = ring => RingFailed(ring);
    }

    /// <summary>The settings that it was started with.</summary>
    public DaemonSettings Settings { get; }

    /// <summary>What its ports share.</summary>
    public Host Host => _host;

    /// <summary>The threads that run sync loops.</summary>
    public WorkerPool Workers => _host.Workers;

    /// <summary>Where sockets go.</summary>
    public RunDirectory Directory { get; }

    /// <summary>The trust domains now.</summary>
    public IReadOnlyList<TrustDomain> Domains => _domains.All;

    /// <summary>The ports now, ends of pipes included.</summary>
    public IReadOnlyList<ServedPort> Ports => _ports.All;

    /// <summary>The pipes now.</summary>
    public IReadOnlyList<ServedPipe> Pipes => _pipes.All;

    /// <summary>The bridges now.</summary>
    public IReadOnlyList<ServedBridge> Bridges => _bridges.All;

    /// <summary>The interfaces that were put on switches, now.</summary>
    public IReadOnlyList<ServedAttachment> Attachments => _attachments.All;

    /// <summary>The switches that have ports now.</summary>
    public IReadOnlyList<ValeSwitch> Switches => _host.Switches.Switches;

    /// <summary>The ways in, the usual one first.</summary>
    public IEnumerable<string> TransportKinds => _transports.Kinds;

    /// <summary>Called when a guest has come or gone, by whoever noticed.</summary>
    public Action GuestChanged { get; set; } = () => { };

    /// <summary>Called when a ring stands still for good, by whoever ran its pass: it is not to wait.</summary>
    public Action<ServedRing> RingFailed { get; set; } = _ => { };

    /// <summary>Makes what the configuration file says.</summary>
    /// <exception cref="RefusalException">Something of it cannot be.</exception>
    /// <exception cref="RegionLimitException">A region cannot be as large.</exception>
    /// <remarks>An interface or a network namespace that is not there yet is waited for: its port is down until
    /// then.</remarks>
    public void Apply(DaemonSettings settings)
    {
        (_host.Nics.WaitsForInterfaces, _ports.KeepsLater) = (true, true);
        try
        {
            ConfigurationMaker.MakeAll(settings, this);
        }
        finally
        {
            (_host.Nics.WaitsForInterfaces, _ports.KeepsLater) = (false, false);
        }

        _ports.Keep(Ports);
    }

    /// <summary>The trust domain of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public TrustDomain FindDomain(string name) => _domains.Find(name);

    /// <summary>The port of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedPort FindPort(string name) => _ports.Find(name);

    /// <summary>The pipe of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedPipe FindPipe(string name) => _pipes.Find(name);

    /// <summary>The bridge that a port is part of.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedBridge FindBridge(string port) => _bridges.Find(port);

    /// <summary>The attachment of an interface's port.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedAttachment FindAttachment(string port) => _attachments.Find(port);

    /// <summary>Makes a trust domain.</summary>
    /// <exception cref="RefusalException">The name or the id is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its region cannot be as large.</exception>
    public TrustDomain AddDomain(DomainSettings settings)
    {
        Refusals.Require(SettingsRules.Check(settings));
        using PreparedDomain prepared = _domains.Prepare(settings, goesWithPort: false);
        using ChangeLock.Scope change = _changes.Enter($"adding trust domain {settings.Name}");
        return _domains.Publish(prepared);
    }

    /// <summary>Removes a trust domain that has no ports.</summary>
    /// <exception cref="RefusalException">It is not there, or has ports.</exception>
    public void RemoveDomain(string name)
    {
        using ChangeLock.Scope change = _changes.Enter($"removing trust domain {name}");
        _domains.Remove(name, Ports);
    }

    /// <summary>Opens a port of a switch, or of the host.</summary>
    /// <exception cref="RefusalException">The name is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    /// <exception cref="SwitchException">The switch is full.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public ServedPort AddPort(PortSettings settings)
    {
        Refusals.Require(SettingsRules.Check(settings).Concat(_transports.Check("transport", settings)));
        using PortPreparation prepared = _ports.Prepare(settings);
        using PreparedDomain room =
            _domains.PrepareFor(settings.Domain, settings.Name, 1, settings.Rings, settings.Slots);
        Refusals.Require(GuestRules.Fit("guest.frame", settings.Guest, room.Domain));
        using ChangeLock.Scope change = _changes.Enter($"adding {settings.Name}");
        return _ports.Add(prepared, room);
    }

    /// <summary>Removes a port; a guest that uses it is detached.</summary>
    /// <exception cref="RefusalException">It is not there, or is an end of a pipe.</exception>
    public void RemovePort(string name)
    {
        _ports.AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"removing {name}");
        _ports.Remove(name);
    }

    /// <summary>Lets guests into a port; with settings: guests of that kind from now on.</summary>
    /// <exception cref="RefusalException">The port is not there, has a guest, or lets nobody in.</exception>
    public ServedPort Attach(string name, GuestSettings? guest)
    {
        Refusals.Require(guest is null ? [] : SettingsRules.Check(guest));
        _ports.AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"attaching {name}");
        return _ports.Attach(name, guest);
    }

    /// <summary>Takes a port's guest away, whatever it is doing, and lets nobody in until
    /// <see cref="Attach"/>.</summary>
    /// <exception cref="RefusalException">The port is not there, or has no guest but a bridge.</exception>
    public ServedPort Detach(string name)
    {
        _ports.AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"detaching {name}");
        return _ports.Detach(name);
    }

    /// <summary>Makes a pipe, both ends.</summary>
    /// <exception cref="RefusalException">The name is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    public ServedPipe AddPipe(PipeSettings settings)
    {
        using PreparedDomain room = _pipes.Prepare(settings);
        using ChangeLock.Scope change = _changes.Enter($"adding {settings.Name}");
        return _pipes.Add(settings, room);
    }

    /// <summary>Removes a pipe; guests that use its ends are detached.</summary>
    /// <exception cref="RefusalException">It is not there.</exception>
    public void RemovePipe(string name)
    {
        _pipes.AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"removing {name}");
        _pipes.Remove(name);
    }

    /// <summary>Connects two ports; one that is not there is made.</summary>
    /// <exception cref="RefusalException">A port has a guest or is connected already, or a setting is
    /// wrong.</exception>
    /// <exception cref="InvalidOperationException">The ports cannot be connected: they lie in different regions,
    /// say.</exception>
    public ServedBridge AddBridge(BridgeSettings settings)
    {
        using BridgePreparation prepared = _bridges.Prepare(settings);
        using ChangeLock.Scope change = _changes.Enter($"connecting {settings.Left} with {settings.Right}");
        ServedBridge bridge = _bridges.Add(prepared);
        _ports.Keep(bridge.Made);
        return bridge;
    }

    /// <summary>Parts two ports; those that were made for the bridge are closed.</summary>
    /// <param name="port">Either port.</param>
    /// <param name="vale">The switch that the other one is to be on; null: whatever it is.</param>
    /// <exception cref="RefusalException">It is not there, or on another switch.</exception>
    public void RemoveBridge(string port, string? vale = null)
    {
        using ChangeLock.Scope change = _changes.Enter($"parting {port}");
        ServedBridge bridge = FindBridge(port);
        BridgeRules.RefuseElsewhere(bridge, port, vale);
        _bridges.Remove(bridge);
    }

    /// <summary>Puts an interface on a switch: all of it or nothing.</summary>
    /// <exception cref="RefusalException">A port has a guest or is connected already, or a setting is
    /// wrong.</exception>
    /// <exception cref="SwitchException">The switch is full.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public ServedAttachment AddAttachment(AttachmentSettings settings)
    {
        using AttachmentPreparation prepared = _attachments.Prepare(settings);
        using ChangeLock.Scope change = _changes.Enter($"putting {settings.Port} on {settings.Switch}");
        return _attachments.Add(prepared);
    }

    /// <summary>Takes an interface off its switch: what was made to put it there goes.</summary>
    /// <param name="port">The interface's port.</param>
    /// <param name="vale">The switch that it is to be on; null: whichever it is.</param>
    /// <exception cref="RefusalException">It is on none, or on another.</exception>
    public void RemoveAttachment(string port, string? vale = null)
    {
        using ChangeLock.Scope change = _changes.Enter($"taking {port} off its switch");
        _attachments.Remove(port, vale);
    }

    /// <summary>Detaches all guests, closes all ports, and ends the workers: each of these, whatever becomes of the
    /// others. A change that does not end is not waited for.</summary>
    /// <exception cref="TeardownException">Something of that failed.</exception>
    public void Dispose()
    {
        using ChangeLock.Scope? change = _changes.Close(_patience / 2);
        if (change is null)
        {
            InventoryLog.ChangeLeft(_log, _changes.Describe());
        }

        var end = new Teardown();
        end.StepEach(Ports, port => $"guest of {port.Name}", port => port.Transport.Dispose())
            .StepEach(_transports.Factories, factory => $"transport {factory.Kind}", factory => factory.Dispose())
            .StepEach(Bridges, bridge => $"bridge {bridge.Name}", bridge => bridge.Splice.Dispose());
        _host.TakeDown(end, Ports.Select(port => port.Port));
        end.StepEach(Domains, domain => $"trust domain {domain.Name}", domain => domain.Region.Dispose());
        _bridges.Clear();
        _ports.Clear();
        _pipes.Clear();
        _domains.Clear();
        end.Finish();
    }

    // Those of the run directory that are not open all the time, and the configuration.
    private IEnumerable<string> NeededFiles() =>
        Settings.File is { } file ? [Directory.NicChangesFile, file] : [Directory.NicChangesFile];

    private ValeSwitch CreateSwitch(string name)
    {
        SwitchSettings settings = SettingsOf(name);
        var vale = ValeSwitch.Create(name, TimeSpan.FromSeconds(settings.AgeingSeconds), TimeProvider.System);
        vale.Patience = TimeSpan.FromMicroseconds(settings.PatienceMicroseconds);
        return vale;
    }

    private SwitchSettings SettingsOf(string vale) =>
        Settings.Switches.FirstOrDefault(other => string.Equals(other.Name, vale, StringComparison.Ordinal))
            ?? new SwitchSettings { Name = vale };
}
