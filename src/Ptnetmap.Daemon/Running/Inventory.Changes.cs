using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Nic;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Pipes;

namespace Ptnetmap.Daemon.Running;

/// <content>Making and removing ports and pipes.</content>
public sealed partial class Inventory
{
    /// <summary>Opens a port of a switch, or of the host.</summary>
    /// <exception cref="RefusalException">The name is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    /// <exception cref="Ptnetmap.Ports.Switching.SwitchException">The switch is full.</exception>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The kernel refused.</exception>
    public ServedPort AddPort(PortSettings settings)
    {
        Require(SettingsRules.Check(settings).Concat(TransportFaults("transport", settings)));
        using PortPreparation prepared = PreparePort(settings);
        using PreparedDomain room = DomainFor(settings.Domain, settings.Name, 1, settings.Rings, settings.Slots);
        Require(GuestRules.Fit("guest.frame", settings.Guest, room.Domain));
        using ChangeLock.Scope change = _changes.Enter($"adding {settings.Name}");
        RefuseTaken(settings.Name);
        AddressRules.Refuse(settings, _ports);
        TrustDomain domain = Publish(room);
        try
        {
            ServedPort port = OpenPort(prepared, domain);
            Keep([port]);
            return port;
        }
        catch
        {
            DropIfUnused(domain);
            throw;
        }
    }

    /// <summary>Removes a port; a guest that uses it is detached.</summary>
    /// <exception cref="RefusalException">It is not there, or is an end of a pipe.</exception>
    public void RemovePort(string name)
    {
        AwaitAnswer(name);
        using ChangeLock.Scope change = _changes.Enter($"removing {name}");
        ServedPort port = FindPort(name);
        if (port.Pipe is { } pipe)
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {name} is an end of pipe {pipe.Name}; remove the pipe (ptnet pipe rm {pipe.Name})");
        }

        RefuseBridged(port);
        new Teardown()
            .Step($"port {name}", () => Close(port))
            .Step($"trust domain {port.Domain.Name}", () => DropIfUnused(port.Domain))
            .Finish();
    }

    /// <summary>Makes a pipe, both ends.</summary>
    /// <exception cref="RefusalException">The name is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    public ServedPipe AddPipe(PipeSettings settings)
    {
        Require(SettingsRules.Check(settings)
            .Concat(TransportFaults("master.transport", settings.Master))
            .Concat(TransportFaults("slave.transport", settings.Slave)));
        RefuseTaken(settings.Name);
        AddressRules.Refuse(settings);
        using PreparedDomain room = DomainFor(settings.Domain, settings.Name, 2, settings.Rings, settings.Slots);
        Require(GuestRules.Fit("master.guest.frame", settings.Master.Guest, room.Domain)
            .Concat(GuestRules.Fit("slave.guest.frame", settings.Slave.Guest, room.Domain)));
        using ChangeLock.Scope change = _changes.Enter($"adding {settings.Name}");
        RefuseTaken(settings.Name);
        TrustDomain domain = Publish(room);
        try
        {
            ServedPipe pipe = OpenPipe(settings, domain);
            _pipes = [.. _pipes, pipe];
            return pipe;
        }
        catch
        {
            DropIfUnused(domain);
            throw;
        }
    }

    /// <summary>Removes a pipe; guests that use its ends are detached.</summary>
    /// <exception cref="RefusalException">It is not there.</exception>
    public void RemovePipe(string name)
    {
        if (Array.Find(_pipes, one => Same(one.Name, name)) is { } asked)
        {
            AwaitAnswer(asked.Master.Name);
            AwaitAnswer(asked.Slave.Name);
        }

        using ChangeLock.Scope change = _changes.Enter($"removing {name}");
        ServedPipe pipe = FindPipe(name);
        RefuseBridged(pipe.Master);
        RefuseBridged(pipe.Slave);
        _pipes = [.. _pipes.Where(other => other != pipe)];
        new Teardown()
            .Step($"port {pipe.Master.Name}", () => Close(pipe.Master))
            .Step($"port {pipe.Slave.Name}", () => Close(pipe.Slave))
            .Step($"trust domain {pipe.Master.Domain.Name}", () => DropIfUnused(pipe.Master.Domain))
            .Finish();
    }

    // Without the lock: a device that hangs is waited for by who changes it, and by nobody else.
    private void AwaitAnswer(string name) => Array.Find(_ports, port => Same(port.Name, name))?.Transport.AwaitAnswer();

    // Without the lock, and only when the name is free: to prepare a port may empty a file.
    private PortPreparation PreparePort(PortSettings settings)
    {
        IDisposable name = _coming.Take(settings.Name);
        try
        {
            RefuseTaken(settings.Name);
            if (settings.Domain is { } domain)
            {
                _ = DomainToJoin(domain);
            }

            PortName parsed = PortName.Parse(settings.Name);
            IPortKind kind = Array.Find(_kinds, candidate => candidate.Opens(parsed)) ?? throw new RefusalException(
                RefusalKind.Invalid,
                $"{settings.Name}: no ports of that kind are opened here; there are {string.Join(", ", _kinds.Select(other => other.Pattern))}");
            Require(kind.Check(parsed, settings));
            return new PortPreparation(settings, kind.Prepare(parsed, settings), name);
        }
        catch
        {
            name.Dispose();
            throw;
        }
    }

    private ServedPort OpenPort(PortPreparation prepared, TrustDomain domain)
    {
        PortSettings settings = prepared.Settings;
        Port port = prepared.Port.Open(domain.Region);
        ServedPort served = ServeOrClose(port, domain, settings, settings.Policy);
        _ports = [.. _ports, served];
        OpenOrClose(served);
        return served;
    }

    private ServedPipe OpenPipe(PipeSettings settings, TrustDomain domain)
    {
        PortName name = PortName.Parse(settings.Name);
        (PipePort master, PipePort slave) = PipePort.Create(
            name.Base, int.Parse(name.PipeId), domain.Region, domain.Region,
            PortShape.Symmetric(settings.Rings, settings.Slots), _host.Quiescence);
        ServedPipe pipe = ServeOrClose(settings, domain, master, slave);
        (pipe.Master.Pipe, pipe.Slave.Pipe) = (pipe, pipe);
        _ports = [.. _ports, pipe.Master, pipe.Slave];
        OpenOrClose(pipe.Master, pipe.Slave);
        return pipe;
    }

    private ServedPipe ServeOrClose(PipeSettings settings, TrustDomain domain, PipePort master, PipePort slave)
    {
        ServedPort? first = null;
        try
        {
            first = Serve(master, domain, settings.Master, settings.Policy);
            return new ServedPipe(settings.Name, first, Serve(slave, domain, settings.Slave, settings.Policy));
        }
        catch
        {
            first?.Transport.Dispose();
            master.Dispose();
            slave.Dispose();
            throw;
        }
    }

    // A port that nobody can be let into is not left open.
    private ServedPort ServeOrClose(Port port, TrustDomain domain, EndSettings settings, string? policy)
    {
        try
        {
            return Serve(port, domain, settings, policy);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }

    private ServedPort Serve(Port port, TrustDomain domain, EndSettings settings, string? policy)
    {
        var context = new TransportContext
        {
            Port = port,
            Settings = settings,
            Mac = AddressRules.MacOf(settings.Mac, port.Name),
            Host = _host,
            Policy = policy is null ? _host.Policy : NotificationPolicy.Parse(policy),
            RunDirectory = _directory,
            Log = _log,
            GuestChanged = () => GuestChanged(),
        };
        string kind = settings.Transport ?? (settings.Guest is null ? _transports[0].Kind : ThreadTransport.Name);
        return new ServedPort(port, domain, context, FactoryOf(kind).Create(context));
    }

    private void OpenOrClose(params ReadOnlySpan<ServedPort> ports)
    {
        try
        {
            foreach (ServedPort port in ports)
            {
                Open(port);
            }
        }
        catch
        {
            foreach (ServedPort port in ports)
            {
                Close(port);
            }

            throw;
        }
    }

    // What is made of a configuration is kept when all of it could be made.
    private void Keep(IReadOnlyList<ServedPort> ports)
    {
        if (!_applies)
        {
            foreach (ServedPort port in ports)
            {
                (port.Port as IHostPort)?.Keep();
            }
        }
    }

    private void Open(ServedPort port)
    {
        InventoryLog.PortOpened(_log, port.Name, port.Domain.Name, port.Transport.Kind);
        if (port.Transport is not NoTransport)
        {
            port.Transport.Attach();
        }
    }

    private void Close(ServedPort port)
    {
        _ports = [.. _ports.Where(other => other != port)];
        var end = new Teardown();
        end.Step($"guest of {port.Name}", port.Transport.Dispose).Step($"port {port.Name}", port.Port.Dispose);
        InventoryLog.PortClosed(_log, port.Name, port.Port.Memory.LostBuffers);
        end.Finish();
    }

    private void RefuseTaken(string name)
    {
        if (Array.Exists(_ports, port => Same(port.Name, name)))
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {name} is there already; {HostRules.OtherInterface(name) ?? "choose another name"}");
        }
    }

    private ITransportFactory FactoryOf(string kind) => Array.Find(_transports, factory => Same(factory.Kind, kind))!;

    private IEnumerable<Fault> TransportFaults(string key, EndSettings settings) =>
        settings.Transport is null || TransportKinds.Contains(settings.Transport, StringComparer.Ordinal)
            ? []
            : [new Fault(key, $"'{settings.Transport}' is none of {string.Join(", ", TransportKinds)}")];
}
