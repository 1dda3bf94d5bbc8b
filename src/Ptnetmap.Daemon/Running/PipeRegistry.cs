using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;

namespace Ptnetmap.Daemon.Running;

/// <summary>The pipes by name. Their ends are ports as others are.</summary>
internal sealed class PipeRegistry(PortRegistry ports, TransportTable transports, DomainRegistry domains, Host host)
{
    private readonly NamedList<ServedPipe> _pipes = new(pipe => pipe.Name);

    internal IReadOnlyList<ServedPipe> All => _pipes.All;

    /// <summary>The pipe of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    internal ServedPipe Find(string name) =>
        _pipes.TryFind(name) ?? throw Refusals.NotFound("pipe", name, _pipes.Names);

    /// <summary>Without the lock: see <see cref="PortRegistry.AwaitAnswer"/>, of both ends.</summary>
    internal void AwaitAnswer(string name)
    {
        if (_pipes.TryFind(name) is { } asked)
        {
            ports.AwaitAnswer(asked.Master.Name);
            ports.AwaitAnswer(asked.Slave.Name);
        }
    }

    /// <summary>Without the lock: checks a pipe, and makes its region.</summary>
    /// <exception cref="RefusalException">The name is taken, or a setting wrong.</exception>
    /// <exception cref="RegionLimitException">Its region cannot be as large.</exception>
    internal PreparedDomain Prepare(PipeSettings settings)
    {
        Refusals.Require(SettingsRules.Check(settings)
            .Concat(transports.Check("master.transport", settings.Master))
            .Concat(transports.Check("slave.transport", settings.Slave)));
        ports.RefuseTaken(settings.Name);
        AddressRules.Refuse(settings);
        PreparedDomain room = domains.PrepareFor(settings.Domain, settings.Name, 2, settings.Rings, settings.Slots);
        try
        {
            Refusals.Require(GuestRules.Fit("master.guest.frame", settings.Master.Guest, room.Domain)
                .Concat(GuestRules.Fit("slave.guest.frame", settings.Slave.Guest, room.Domain)));
            return room;
        }
        catch
        {
            room.Dispose();
            throw;
        }
    }

    /// <summary>With the lock: makes a pipe, both ends.</summary>
    /// <exception cref="RefusalException">The name is taken, or its domain gone.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    internal ServedPipe Add(PipeSettings settings, PreparedDomain room)
    {
        ports.RefuseTaken(settings.Name);
        TrustDomain domain = domains.Publish(room);
        try
        {
            ServedPipe pipe = Open(settings, domain);
            _pipes.Add(pipe);
            return pipe;
        }
        catch
        {
            domains.DropIfUnused(domain, ports.All);
            throw;
        }
    }

    /// <summary>With the lock: removes a pipe; guests that use its ends are detached.</summary>
    /// <exception cref="RefusalException">It is not there, or an end is bridged.</exception>
    internal void Remove(string name)
    {
        ServedPipe pipe = Find(name);
        BridgeRules.RefuseBridged(pipe.Master);
        BridgeRules.RefuseBridged(pipe.Slave);
        _pipes.Remove(pipe);
        new Teardown()
            .Step($"port {pipe.Master.Name}", () => ports.Close(pipe.Master))
            .Step($"port {pipe.Slave.Name}", () => ports.Close(pipe.Slave))
            .Step($"trust domain {pipe.Master.Domain.Name}", () => domains.DropIfUnused(pipe.Master.Domain, ports.All))
            .Finish();
    }

    internal void Clear() => _pipes.Clear();

    private ServedPipe Open(PipeSettings settings, TrustDomain domain)
    {
        PortName name = PortName.Parse(settings.Name);
        (PipePort master, PipePort slave) = PipePort.Create(
            name.Base, int.Parse(name.PipeId), domain.Region, domain.Region,
            PortShape.Symmetric(settings.Rings, settings.Slots), host.Quiescence);
        ServedPipe pipe = ServeOrClose(settings, domain, master, slave);
        (pipe.Master.Pipe, pipe.Slave.Pipe) = (pipe, pipe);
        ports.Publish(pipe.Master, pipe.Slave);
        return pipe;
    }

    private ServedPipe ServeOrClose(PipeSettings settings, TrustDomain domain, PipePort master, PipePort slave)
    {
        ServedPort? first = null;
        try
        {
            first = transports.Serve(master, domain, settings.Master, settings.Policy);
            return new ServedPipe(settings.Name, first,
                transports.Serve(slave, domain, settings.Slave, settings.Policy));
        }
        catch
        {
            first?.Transport.Dispose();
            master.Dispose();
            slave.Dispose();
            throw;
        }
    }
}
