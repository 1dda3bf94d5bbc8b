using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.HostPorts;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Running;

/// <summary>Which ports are connected with each other.</summary>
/// <param name="ports">The ports.</param>
/// <param name="domains">Where they lie.</param>
/// <param name="host">What all ports share.</param>
/// <param name="settingsOf">A switch's settings by its name.</param>
/// <param name="log">Where to say what happens.</param>
internal sealed class BridgeRegistry(
    PortRegistry ports, DomainRegistry domains, Host host, Func<string, SwitchSettings> settingsOf, ILogger log)
{
    private readonly NamedList<ServedBridge> _bridges = new(bridge => bridge.Name);

    internal IReadOnlyList<ServedBridge> All => _bridges.All;

    /// <summary>The bridge that a port is part of.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    internal ServedBridge Find(string port) =>
        All.FirstOrDefault(bridge => Same(bridge.Left.Name, port) || Same(bridge.Right.Name, port))
            ?? throw Refusals.NotFound(
                "bridge with port", port, All.SelectMany(bridge => new[] { bridge.Left.Name, bridge.Right.Name }));

    /// <summary>Without the lock: checks a bridge, and prepares the ports that are not there.</summary>
    /// <exception cref="RefusalException">A port is connected already, or a setting is wrong.</exception>
    /// <exception cref="RegionLimitException">Their region cannot be as large.</exception>
    internal BridgePreparation Prepare(BridgeSettings settings)
    {
        Refusals.Require(SettingsRules.Check(settings).Concat(OtherInterface(settings)).Concat(OtherVlans(settings)));
        RefuseOthers(settings);
        RefuseUsedEnds(settings);
        RefuseLoop(settings);
        PreparedDomain room = PrepareRoom(settings);
        PortPreparation? left = null;
        try
        {
            left = PrepareEnd(settings.Left, settings);
            return new BridgePreparation(settings, room, left, PrepareEnd(settings.Right, settings));
        }
        catch
        {
            left?.Dispose();
            room.Dispose();
            throw;
        }
    }

    /// <summary>With the lock: makes the ports that are not there, and connects the two.
    /// <see cref="PortRegistry.Keep"/> is the caller's, when all is made that is made with it.</summary>
    /// <param name="prepared">The bridge.</param>
    /// <param name="attachment">What it is part of; null: nothing.</param>
    /// <exception cref="RefusalException">A port has a guest or is connected already, or a setting is of no
    /// port.</exception>
    /// <exception cref="InvalidOperationException">The ports cannot be connected: they lie in different regions,
    /// say.</exception>
    internal ServedBridge Add(BridgePreparation prepared, SwitchAttachment? attachment = null)
    {
        BridgeSettings settings = prepared.Settings;
        RefuseOthers(settings);
        RefuseLoop(settings);
        var made = new List<ServedPort>();
        TrustDomain domain = domains.Publish(prepared.Room);
        try
        {
            ServedPort left = FindOrMake(settings.Left, prepared.Left, domain, made);
            ServedPort right = FindOrMake(settings.Right, prepared.Right, domain, made);
            BridgeRules.RefuseUnused(settings, made);
            BridgeRules.RefuseUsed(left);
            BridgeRules.RefuseUsed(right);
            return Connect(left, right, settings, made, attachment);
        }
        catch (Exception failure)
        {
            made.ForEach(ports.Close);
            domains.DropIfUnused(domain, ports.All);
            throw failure is RegionLimitException and not MemoryLimitException && domain.GoesWithPort
                ? BridgeRules.NoRoom(settings, domain)
                : failure;
        }
    }

    /// <summary>With the lock: parts two ports; those that were made for the bridge are closed.</summary>
    internal void Remove(ServedBridge bridge)
    {
        _bridges.Remove(bridge);
        bridge.Splice.Dispose();
        LimitUplink(bridge.Left, bridge.Right, isConnected: false);
        (bridge.Left.Bridge, bridge.Right.Bridge) = (null, null);
        foreach (ServedPort made in bridge.Made)
        {
            ports.Close(made);
        }

        foreach (ServedPort stays in new[] { bridge.Left, bridge.Right }.Except(bridge.Made))
        {
            ports.LetIn(stays);
        }

        foreach (TrustDomain domain in domains.All)
        {
            domains.DropIfUnused(domain, ports.All);
        }

        InventoryLog.Parted(log, bridge.Left.Name, bridge.Right.Name);
    }

    internal void Clear() => _bridges.Clear();

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.Ordinal);

    // Before room is looked for: that of a port which is not free does not matter.
    private void RefuseUsedEnds(BridgeSettings settings)
    {
        foreach (string end in (string[])[settings.Left, settings.Right])
        {
            if (ports.TryFind(end) is { } port)
            {
                BridgeRules.RefuseUsed(port);
            }
        }
    }

    // While two ports are connected nobody else gets in. What a guest left unread is not sent to the other side.
    private ServedBridge Connect(
        ServedPort left, ServedPort right, BridgeSettings settings, List<ServedPort> made, SwitchAttachment? attachment)
    {
        ServedPort[] there = [.. new[] { left, right }.Except(made)];
        Array.ForEach(there, port => port.Transport.Detach());
        try
        {
            NotificationPolicy policy = settings.Policy is { } word ? NotificationPolicy.Parse(word) : host.Policy;

            // Before: from the first packet on, what comes in from outside is limited.
            LimitUplink(left, right, isConnected: true);
            Splice splice = host.Connect(left.Port, right.Port, policy, discardUnread: true);
            var bridge = new ServedBridge(left, right, splice, made, attachment);
            (left.Bridge, right.Bridge) = (bridge, bridge);
            _bridges.Add(bridge);
            InventoryLog.Bridged(log, left.Name, right.Name);
            return bridge;
        }
        catch
        {
            LimitUplink(left, right, isConnected: false);
            Array.ForEach(there, ports.LetIn);
            throw;
        }
    }

    // Both ports are swapped with each other, so they lie in one domain: that of the one that is there, if one is.
    private PreparedDomain PrepareRoom(BridgeSettings settings)
    {
        ServedPort? there = ports.TryFind(settings.Left) ?? ports.TryFind(settings.Right);
        return there is not null && settings.Domain is null
            ? new PreparedDomain(there.Domain)
            : domains.PrepareFor(settings.Domain, settings.Left, 2, settings.Rings, settings.Slots);
    }

    // Null when the port is there: it stays as it is.
    private PortPreparation? PrepareEnd(string name, BridgeSettings settings)
    {
        if (ports.TryFind(name) is not null)
        {
            return null;
        }

        bool isHosts = HostRules.IsOfHost(name);
        var port = new PortSettings
        {
            Name = name,
            Domain = settings.Domain,
            Rings = settings.Rings,
            Slots = settings.Slots,
            Policy = settings.Policy,
            Host = isHosts ? HostOf(name, settings) : null,
            Transport = NoTransport.Name,
        };
        return ports.Prepare(isHosts ? port : settings.Onto(port));
    }

    private ServedPort FindOrMake(string name, PortPreparation? prepared, TrustDomain domain, List<ServedPort> made)
    {
        if (ports.TryFind(name) is { } there)
        {
            return there;
        }

        ServedPort served = ports.Open(
            prepared ?? throw new RefusalException(RefusalKind.Conflict, $"port {name} was removed at this moment"),
            domain);
        made.Add(served);
        return served;
    }

    // A switch has frames for every address, so its uplink has to receive them.
    private static HostSettings? HostOf(string name, BridgeSettings settings)
    {
        bool isNic = PortName.TryParse(name, out PortName? port) && port.Kind == PortNameKind.Interface;
        bool toSwitch = ((string[])[settings.Left, settings.Right]).Any(
            end => PortName.TryParse(end, out PortName? other) && other.Kind == PortNameKind.Vale);
        return isNic && toSwitch ? (settings.Host ?? new HostSettings()) with { Promiscuous = true } : settings.Host;
    }

    // A port of a switch that leads out of the host has the limits of an uplink.
    private void LimitUplink(ServedPort left, ServedPort right, bool isConnected)
    {
        foreach ((ServedPort port, ServedPort other) in (ReadOnlySpan<(ServedPort, ServedPort)>)[(left, right),
            (right, left)])
        {
            if (port.Port is ValePort vale && other.Port is IHostPort)
            {
                ValeKind.Limit(vale, settingsOf(vale.Switch.Name), isConnected);
            }
        }
    }

    // A port of that name is another interface's, maybe.
    private IEnumerable<Fault> OtherInterface(BridgeSettings settings)
    {
        string[] names = [.. ((string[])[settings.Left, settings.Right]).Where(HostRules.IsInterfaces)];
        bool isUnused = names.Length > 0 && Array.TrueForAll(names, name => ports.TryFind(name) is not null);
        return !isUnused || settings.Host is not { } given ? []
            : HostKeys.SetIn(given).Where(key => key is "netns" or "interface").Take(1).Select(key => new Fault(
                $"host.{key}", $"port {names[0]} is there already; {HostRules.OtherInterface(names[0])}"));
    }

    // A port has its VLANs for its life.
    private IEnumerable<Fault> OtherVlans(BridgeSettings settings)
    {
        string[] names = [.. ((string[])[settings.Left, settings.Right]).Where(VlanRules.IsOfSwitch)];
        bool isUnused = names.Length > 0 && Array.TrueForAll(names, name => ports.TryFind(name) is not null);
        return VlanRules.FirstOf(settings) is { } key && isUnused
            ? [new Fault(key, $"port {names[0]} is there already, and stays in its VLANs; remove it (ptnet port " +
                $"rm), or give it {key} when it is made")]
            : [];
    }

    private void RefuseOthers(BridgeSettings settings)
    {
        if (settings.MakeRight && ports.TryFind(settings.Right) is not null)
        {
            throw new RefusalException(
                RefusalKind.Conflict,
                $"port {settings.Right} is there already, and may be a VM's; give " +
                $"{settings.Left} a port of another name (as, option --as NAME), " +
                $"or connect the two: ptnet bridge add {settings.Left} {settings.Right}");
        }
    }

    // A port that is connected already is refused for that.
    private void RefuseLoop(BridgeSettings settings)
    {
        string[] ends = [settings.Left, settings.Right];
        IReadOnlyList<ServedBridge> bridges = All;
        bool isUsed = bridges.Any(bridge => ends.Contains(bridge.Left.Name) || ends.Contains(bridge.Right.Name));
        if (!isUsed && BridgeLoops.Find(
            bridges.Select(bridge => (bridge.Left.Name, bridge.Right.Name)), settings.Left, settings.Right,
            new InterfaceSides(name => InterfaceOf(name, settings))) is { } loop)
        {
            throw new RefusalException(RefusalKind.Conflict, loop);
        }
    }

    // Of a port that is there, what its interface is called now and where it is.
    private HostSettings? InterfaceOf(string name, BridgeSettings settings)
    {
        if (ports.TryFind(name)?.Port is not IHostPort port)
        {
            return settings.Host;
        }

        HostPortState state = port.Describe();
        return new HostSettings { Interface = state.Interface, Netns = state.NetworkNamespace };
    }
}
