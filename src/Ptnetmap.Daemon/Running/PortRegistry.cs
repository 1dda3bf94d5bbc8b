using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.HostPorts;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Running;

/// <summary>The ports by name, ends of pipes included: how one is prepared without the lock of changes, and opened, let
/// go and closed with it.</summary>
/// <param name="kinds">What opens them.</param>
/// <param name="transports">What lets guests into them.</param>
/// <param name="domains">Where they lie.</param>
/// <param name="coming">The names that changes under way have spoken for.</param>
/// <param name="log">Where to say what happens.</param>
internal sealed class PortRegistry(
    IReadOnlyList<IPortKind> kinds, TransportTable transports, DomainRegistry domains, Reservations coming, ILogger log)
{
    private readonly NamedList<ServedPort> _ports = new(port => port.Name);

    internal IReadOnlyList<ServedPort> All => _ports.All;

    /// <summary>While a configuration is applied: what is made of it is kept when all of it could be made.</summary>
    internal bool KeepsLater { get; set; }

    /// <summary>The port of that name.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    internal ServedPort Find(string name) => TryFind(name) ?? throw Refusals.NotFound("port", name, _ports.Names);

    internal ServedPort? TryFind(string name) => _ports.TryFind(name);

    /// <summary>Without the lock: a device that hangs is waited for by who changes it, and by nobody else.</summary>
    internal void AwaitAnswer(string name) => TryFind(name)?.Transport.AwaitAnswer();

    /// <summary>Without the lock, and only when the name is free: to prepare a port may empty a file.</summary>
    /// <exception cref="RefusalException">The name is taken, or no port of that kind can be opened so.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal PortPreparation Prepare(PortSettings settings)
    {
        IDisposable name = coming.Take(settings.Name);
        try
        {
            RefuseTaken(settings.Name);
            if (settings.Domain is { } domain)
            {
                _ = domains.Joinable(domain);
            }

            PortName parsed = PortName.Parse(settings.Name);
            IPortKind kind = kinds.FirstOrDefault(candidate => candidate.Opens(parsed)) ?? throw new RefusalException(
                RefusalKind.Invalid,
                $"{settings.Name}: no ports of that kind are opened here; there are " +
                $"{string.Join(", ", kinds.Select(other => other.Pattern))}");
            Refusals.Require(kind.Check(parsed, settings));
            return new PortPreparation(settings, kind.Prepare(parsed, settings), name);
        }
        catch
        {
            name.Dispose();
            throw;
        }
    }

    /// <summary>With the lock: opens a port that was asked for on its own.</summary>
    /// <exception cref="RefusalException">Its name or address is taken, or its domain gone.</exception>
    /// <exception cref="RegionLimitException">Its trust domain has not enough left.</exception>
    internal ServedPort Add(PortPreparation prepared, PreparedDomain room)
    {
        RefuseTaken(prepared.Settings.Name);
        AddressRules.Refuse(prepared.Settings, All);
        TrustDomain domain = domains.Publish(room);
        try
        {
            ServedPort port = Open(prepared, domain);
            Keep([port]);
            return port;
        }
        catch
        {
            domains.DropIfUnused(domain, All);
            throw;
        }
    }

    /// <summary>With the lock: opens a port, and lets guests in. <see cref="Keep"/> is the caller's.</summary>
    internal ServedPort Open(PortPreparation prepared, TrustDomain domain)
    {
        Port port = prepared.Port.Open(domain.Region);
        ServedPort served = ServeOrClose(port, domain, prepared.Settings);
        Publish(served);
        return served;
    }

    /// <summary>With the lock: puts ports in, all at once, and lets guests in; closes them all when that
    /// fails.</summary>
    internal void Publish(params ReadOnlySpan<ServedPort> ports)
    {
        _ports.Add(ports);
        try
        {
            foreach (ServedPort port in ports)
            {
                LetIn(port);
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

    /// <summary>With the lock: removes a port that is nobody's part; a guest that uses it is detached.</summary>
    /// <exception cref="RefusalException">It is not there, or is an end of a pipe or of a bridge.</exception>
    internal void Remove(string name)
    {
        ServedPort port = Find(name);
        if (port.Pipe is { } pipe)
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {name} is an end of pipe " +
                    $"{pipe.Name}; remove the pipe (ptnet pipe rm {pipe.Name})");
        }

        BridgeRules.RefuseBridged(port);
        new Teardown()
            .Step($"port {name}", () => Close(port))
            .Step($"trust domain {port.Domain.Name}", () => domains.DropIfUnused(port.Domain, All))
            .Finish();
    }

    /// <summary>With the lock: lets guests into a port; with settings: guests of that kind from now on.</summary>
    /// <exception cref="RefusalException">The port is not there, has a guest, or lets nobody in.</exception>
    internal ServedPort Attach(string name, GuestSettings? guest)
    {
        ServedPort port = Find(name);
        BridgeRules.RefuseBridged(port);
        Refusals.Require(GuestRules.Fit("guest.frame", guest, port.Domain));
        if (guest is null)
        {
            port.Transport.Attach();
            return port;
        }

        if (port.HasGuest || port.Transport.Device is { IsConnected: true })
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {name} has a guest already; " +
                    $"{(port.HasGuest ? $"detach that one first (ptnet port detach {name})" : "end its VM first")}");
        }

        transports.Replace(port, guest);
        return port;
    }

    /// <summary>With the lock: takes a port's guest away, and lets nobody in until <see cref="Attach"/>.</summary>
    /// <exception cref="RefusalException">The port is not there, or has no guest but a bridge.</exception>
    internal ServedPort Detach(string name)
    {
        ServedPort port = Find(name);
        BridgeRules.RefuseBridged(port);
        port.Transport.Detach();
        return port;
    }

    /// <summary>With the lock: lets guests into a port that is open, if it is one that lets any in.</summary>
    internal void LetIn(ServedPort port)
    {
        InventoryLog.PortOpened(log, port.Name, port.Domain.Name, port.Transport.Kind);
        if (port.Transport is not NoTransport)
        {
            port.Transport.Attach();
        }
    }

    /// <summary>With the lock: closes a port, whatever it is part of.</summary>
    /// <exception cref="TeardownException">Something of it failed; it is closed all the same.</exception>
    internal void Close(ServedPort port)
    {
        _ports.Remove(port);
        var end = new Teardown();
        end.Step($"guest of {port.Name}", port.Transport.Dispose).Step($"port {port.Name}", port.Port.Dispose);
        InventoryLog.PortClosed(log, port.Name, port.Port.Memory.LostBuffers);
        end.Finish();
    }

    /// <summary>Says that ports stay, now that all that was to be made with them is there: what their interfaces are to
    /// keep is theirs from now on.</summary>
    internal void Keep(IReadOnlyList<ServedPort> ports)
    {
        if (!KeepsLater)
        {
            foreach (ServedPort port in ports)
            {
                (port.Port as IHostPort)?.Keep();
            }
        }
    }

    internal void Clear() => _ports.Clear();

    /// <summary>Refuses a name that a port has.</summary>
    /// <exception cref="RefusalException">One has.</exception>
    internal void RefuseTaken(string name)
    {
        if (TryFind(name) is not null)
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {name} is there already; " +
                    $"{HostRules.OtherInterface(name) ?? "choose another name"}");
        }
    }

    // A port that nobody can be let into is not left open.
    private ServedPort ServeOrClose(Port port, TrustDomain domain, PortSettings settings)
    {
        try
        {
            return transports.Serve(port, domain, settings, settings.Policy);
        }
        catch
        {
            port.Dispose();
            throw;
        }
    }
}
