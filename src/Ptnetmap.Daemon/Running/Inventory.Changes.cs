using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Naming;
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
        lock (_lock)
        {
            RefuseTaken(settings.Name);
            TrustDomain domain = DomainFor(settings.Domain, settings.Name, 1, settings.Rings, settings.Slots);
            try
            {
                return OpenPort(settings, domain);
            }
            catch
            {
                DropIfUnused(domain);
                throw;
            }
        }
    }

    /// <summary>Removes a port; a guest that uses it is detached.</summary>
    /// <exception cref="RefusalException">It is not there, or is an end of a pipe.</exception>
    public void RemovePort(string name)
    {
        lock (_lock)
        {
            ServedPort port = FindPort(name);
            if (port.Pipe is { } pipe)
            {
                throw new RefusalException(
                    RefusalKind.Conflict, $"port {name} is an end of pipe {pipe.Name}; remove the pipe (ptnet pipe rm {pipe.Name})");
            }

            RefuseBridged(port);
            Close(port);
            DropIfUnused(port.Domain);
        }
    }

    /// <summary>Makes a pipe, both ends.</summary>
    /// <exception cref="RefusalException">The name is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    public ServedPipe AddPipe(PipeSettings settings)
    {
        Require(SettingsRules.Check(settings)
            .Concat(TransportFaults("master.transport", settings.Master))
            .Concat(TransportFaults("slave.transport", settings.Slave)));
        PortName name = PortName.Parse(settings.Name);
        lock (_lock)
        {
            RefuseTaken(settings.Name);
            TrustDomain domain = DomainFor(settings.Domain, settings.Name, 2, settings.Rings, settings.Slots);
            try
            {
                (PipePort master, PipePort slave) = PipePort.Create(
                    name.Base, int.Parse(name.PipeId), domain.Region, domain.Region,
                    PortShape.Symmetric(settings.Rings, settings.Slots), _quiescence);
                var pipe = new ServedPipe(
                    settings.Name,
                    Serve(master, domain, settings.Master, settings.Policy),
                    Serve(slave, domain, settings.Slave, settings.Policy));
                (pipe.Master.Pipe, pipe.Slave.Pipe) = (pipe, pipe);
                _ports = [.. _ports, pipe.Master, pipe.Slave];
                OpenOrClose(pipe.Master, pipe.Slave);
                _pipes = [.. _pipes, pipe];
                return pipe;
            }
            catch
            {
                DropIfUnused(domain);
                throw;
            }
        }
    }

    /// <summary>Removes a pipe; guests that use its ends are detached.</summary>
    /// <exception cref="RefusalException">It is not there.</exception>
    public void RemovePipe(string name)
    {
        lock (_lock)
        {
            ServedPipe pipe = FindPipe(name);
            RefuseBridged(pipe.Master);
            RefuseBridged(pipe.Slave);
            _pipes = [.. _pipes.Where(other => other != pipe)];
            Close(pipe.Master);
            Close(pipe.Slave);
            DropIfUnused(pipe.Master.Domain);
        }
    }

    private ServedPort OpenPort(PortSettings settings, TrustDomain domain)
    {
        PortName name = PortName.Parse(settings.Name);
        IPortKind kind = Array.Find(_kinds, candidate => candidate.Opens(name)) ?? throw new RefusalException(
            RefusalKind.Invalid,
            $"{settings.Name}: no ports of that kind are opened here; there are {string.Join(", ", _kinds.Select(other => other.Pattern))}");
        Require(kind.Check(name, settings));
        Port port = kind.Open(name, settings, domain.Region);
        ServedPort served = Serve(port, domain, settings, settings.Policy);
        _ports = [.. _ports, served];
        OpenOrClose(served);
        return served;
    }

    private TrustDomain DomainFor(string? name, string owner, int ports, int rings, int slots) => name is not null
        ? FindDomain(name)
        : CreateDomain(new DomainSettings { Name = owner, Ports = ports, Rings = rings, Slots = slots }, goesWithPort: true);

    private TrustDomain CreateDomain(DomainSettings settings, bool goesWithPort)
    {
        if (Array.Exists(_domains, domain => Same(domain.Name, settings.Name)))
        {
            throw new RefusalException(RefusalKind.Conflict, $"trust domain {settings.Name} is there already; choose another name");
        }

        var usual = new RegionRequest();
        var request = new RegionRequest
        {
            Name = settings.Name,
            Id = RegionId(settings.RegionId),
            Ports = settings.Ports ?? usual.Ports,
            RingPairs = settings.Rings ?? usual.RingPairs,
            Slots = settings.Slots ?? usual.Slots,
            ExtraBuffers = settings.ExtraBuffers,
            BufferSize = settings.BufferSize ?? RegionRequest.DefaultBufferSize,
            HugePages = Enum.Parse<HugePagePolicy>(settings.HugePages, ignoreCase: true),
        };
        var made = new TrustDomain(settings.Name, MemoryRegion.Create(request), goesWithPort);
        InventoryLog.DomainMade(_log, made.Name, made.Region.Layout.Id, made.Region.Layout.Size >> 20, made.Region.Backing);
        _domains = [.. _domains, made];
        return made;
    }

    private ushort RegionId(int? wanted)
    {
        int[] taken = [.. _domains.Select(domain => (int)domain.Region.Layout.Id)];
        if (wanted is { } id)
        {
            return !taken.Contains(id)
                ? (ushort)id
                : throw new RefusalException(
                    RefusalKind.Conflict, $"region id {id} is taken; leave it out for the lowest free one (option --region-id)");
        }

        return (ushort)Enumerable.Range(1, ushort.MaxValue).First(candidate => !taken.Contains(candidate));
    }

    private ServedPort Serve(Port port, TrustDomain domain, EndSettings settings, string? policy)
    {
        var context = new TransportContext
        {
            Port = port,
            Settings = settings,
            Mac = MacAddress.TryParse(settings.Mac, out MacAddress mac) ? mac : MacAddress.ForPort(port.Name),
            Workers = Workers,
            Policy = NotificationPolicy.Parse(policy ?? Settings.Policy),
            Quiescence = _quiescence,
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
        port.Transport.Dispose();
        port.Port.Dispose();
        InventoryLog.PortClosed(_log, port.Name, port.Port.Memory.LostBuffers);
    }

    private void DropIfUnused(TrustDomain domain)
    {
        if (domain.GoesWithPort && !Array.Exists(_ports, port => port.Domain == domain))
        {
            DropDomain(domain);
        }
    }

    private void DropDomain(TrustDomain domain)
    {
        _domains = [.. _domains.Where(other => other != domain)];
        domain.Region.Dispose();
    }

    private void RefuseTaken(string name)
    {
        if (Array.Exists(_ports, port => Same(port.Name, name)))
        {
            string other = HostRules.IsInterfaces(name)
                ? "; for an interface of the same name in another namespace, choose another name for the port and give the interface's with --interface"
                : "; choose another name";
            throw new RefusalException(RefusalKind.Conflict, $"port {name} is there already{other}");
        }
    }

    private ITransportFactory FactoryOf(string kind) => Array.Find(_transports, factory => Same(factory.Kind, kind))!;

    private IEnumerable<Fault> TransportFaults(string key, EndSettings settings) =>
        settings.Transport is null || TransportKinds.Contains(settings.Transport, StringComparer.Ordinal)
            ? []
            : [new Fault(key, $"'{settings.Transport}' is none of {string.Join(", ", TransportKinds)}")];
}
