using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Memory;
using Ptnetmap.Nic;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Running;

/// <content>Connecting ports with each other.</content>
public sealed partial class Inventory
{
    private volatile ServedBridge[] _bridges = [];

    /// <summary>The bridges now.</summary>
    public IReadOnlyList<ServedBridge> Bridges => _bridges;

    /// <summary>The bridge that a port is part of.</summary>
    /// <exception cref="RefusalException">There is none.</exception>
    public ServedBridge FindBridge(string port) =>
        Array.Find(_bridges, bridge => Same(bridge.Left.Name, port) || Same(bridge.Right.Name, port))
        ?? throw NotFound("bridge with port", port, _bridges.SelectMany(bridge => new[] { bridge.Left.Name, bridge.Right.Name }));

    /// <summary>Connects two ports; one that is not there is made.</summary>
    /// <exception cref="RefusalException">A port has a guest or is connected already, or a setting is wrong.</exception>
    /// <exception cref="InvalidOperationException">The ports cannot be connected: they lie in different regions, say.</exception>
    public ServedBridge AddBridge(BridgeSettings settings)
    {
        Require(SettingsRules.Check(settings).Concat(OtherInterface(settings)));
        RefuseOthers(settings);
        RefuseLoop(settings);
        using PreparedDomain room = DomainOf(settings);
        using PortPreparation? first = PrepareEnd(settings.Left, settings);
        using PortPreparation? second = PrepareEnd(settings.Right, settings);
        using ChangeLock.Scope change = _changes.Enter($"connecting {settings.Left} with {settings.Right}");
        RefuseOthers(settings);
        RefuseLoop(settings);
        var made = new List<ServedPort>();
        TrustDomain domain = Publish(room);
        try
        {
            ServedPort left = FindOrMake(settings.Left, first, domain, made);
            ServedPort right = FindOrMake(settings.Right, second, domain, made);
            RefuseUnused(settings, made);
            RefuseUsed(left);
            RefuseUsed(right);
            ServedBridge bridge = Connect(left, right, settings, made);
            Keep(made);
            return bridge;
        }
        catch (Exception failure)
        {
            made.ForEach(Close);
            DropIfUnused(domain);
            throw failure is RegionLimitException && domain.GoesWithPort ? NoRoom(settings, domain) : failure;
        }
    }

    // A port that has a region for itself was given just what it needs.
    private static RefusalException NoRoom(BridgeSettings settings, TrustDomain domain) => new(
        RefusalKind.Conflict,
        $"{settings.Left} and {settings.Right} have to lie in one region, and that of {domain.Name} has no room for two: make a trust domain " +
        "for both (ptnet domain add NAME --ports 2), and open them in it (ptnet port add PORT --domain NAME)");

    /// <summary>Parts two ports; those that were made for the bridge are closed.</summary>
    /// <param name="port">Either port.</param>
    /// <param name="vale">The switch that the other one is to be on; null: whatever it is.</param>
    /// <exception cref="RefusalException">It is not there, or on another switch.</exception>
    public void RemoveBridge(string port, string? vale = null)
    {
        using ChangeLock.Scope change = _changes.Enter($"parting {port}");
        ServedBridge bridge = FindBridge(port);
        if (vale is not null)
        {
            RefuseElsewhere(bridge, port, vale);
        }

        _bridges = [.. _bridges.Where(other => other != bridge)];
        bridge.Splice.Dispose();
        LimitUplink(bridge.Left, bridge.Right, isConnected: false);
        (bridge.Left.Bridge, bridge.Right.Bridge) = (null, null);
        foreach (ServedPort made in bridge.Made)
        {
            Close(made);
        }

        foreach (ServedPort stays in new[] { bridge.Left, bridge.Right }.Except(bridge.Made))
        {
            Open(stays);
        }

        DropUnused();
        InventoryLog.Parted(_log, bridge.Left.Name, bridge.Right.Name);
    }

    // While two ports are connected nobody else gets in. What a guest left unread is not sent to the other side.
    private ServedBridge Connect(ServedPort left, ServedPort right, BridgeSettings settings, List<ServedPort> made)
    {
        ServedPort[] there = [.. new[] { left, right }.Except(made)];
        Array.ForEach(there, port => port.Transport.Detach());
        try
        {
            NotificationPolicy policy = settings.Policy is { } word ? NotificationPolicy.Parse(word) : _host.Policy;

            // Before: from the first packet on, what comes in from outside is limited.
            LimitUplink(left, right, isConnected: true);
            Splice splice = _host.Connect(left.Port, right.Port, policy, discardUnread: true);
            var bridge = new ServedBridge(left, right, splice, made);
            (left.Bridge, right.Bridge) = (bridge, bridge);
            _bridges = [.. _bridges, bridge];
            InventoryLog.Bridged(_log, left.Name, right.Name);
            return bridge;
        }
        catch
        {
            LimitUplink(left, right, isConnected: false);
            Array.ForEach(there, Open);
            throw;
        }
    }

    // Both ports are swapped with each other, so they lie in one domain: that of the one that is there, if one is.
    private PreparedDomain DomainOf(BridgeSettings settings)
    {
        ServedPort? there = Array.Find(_ports, port => Same(port.Name, settings.Left))
            ?? Array.Find(_ports, port => Same(port.Name, settings.Right));
        return there is not null && settings.Domain is null
            ? new PreparedDomain(there.Domain)
            : DomainFor(settings.Domain, settings.Left, 2, settings.Rings, settings.Slots);
    }

    // Null when the port is there: it stays as it is.
    private PortPreparation? PrepareEnd(string name, BridgeSettings settings)
    {
        if (Array.Exists(_ports, port => Same(port.Name, name)))
        {
            return null;
        }

        bool isHosts = HostRules.IsOfHost(name);
        return PreparePort(new PortSettings
        {
            Name = name,
            Domain = settings.Domain,
            Rings = settings.Rings,
            Slots = settings.Slots,
            Policy = settings.Policy,
            Host = isHosts ? HostOf(name, settings) : null,
            Transport = NoTransport.Name,
        });
    }

    private ServedPort FindOrMake(string name, PortPreparation? prepared, TrustDomain domain, List<ServedPort> made)
    {
        if (Array.Find(_ports, port => Same(port.Name, name)) is { } there)
        {
            return there;
        }

        ServedPort served = OpenPort(
            prepared ?? throw new RefusalException(RefusalKind.Conflict, $"port {name} was removed at this moment"), domain);
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
        foreach ((ServedPort port, ServedPort other) in (ReadOnlySpan<(ServedPort, ServedPort)>)[(left, right), (right, left)])
        {
            if (port.Port is ValePort vale && other.Port is IHostPort)
            {
                ValeKind.Limit(vale, SettingsOf(vale.Switch.Name), isConnected);
            }
        }
    }

    // What a port is like that is there already was said when it was made.
    private static void RefuseUnused(BridgeSettings settings, List<ServedPort> made)
    {
        var usual = new BridgeSettings();
        string[] madeKeys = [.. made.SelectMany(port => HostKeys.Of(port.Name))];
        IEnumerable<string> unused = settings.Host is null ? []
            : HostKeys.SetIn(settings.Host).Except(madeKeys, StringComparer.Ordinal).Select(key => $"host.{key}");
        string[] ofMade = made.Count > 0 ? [] :
        [
            .. settings.Domain is null ? [] : (string[])["domain"],
            .. settings.Rings == usual.Rings ? [] : (string[])["rings"],
            .. settings.Slots == usual.Slots ? [] : (string[])["slots"],
        ];
        string[] there = [.. ((string[])[settings.Left, settings.Right]).Except(made.Select(port => port.Name), StringComparer.Ordinal)];
        string are = $"{string.Join(" and ", there)} {(there.Length > 1 ? "are both" : "is")} there already";
        Require(unused.Concat(ofMade).Select(key => new Fault(key, $"is of a port that is made for the bridge; {are}")));
    }

    // A port of that name is another interface's, maybe.
    private IEnumerable<Fault> OtherInterface(BridgeSettings settings)
    {
        string[] names = [.. ((string[])[settings.Left, settings.Right]).Where(HostRules.IsInterfaces)];
        bool isUnused = names.Length > 0 && Array.TrueForAll(names, name => Array.Exists(_ports, port => Same(port.Name, name)));
        return !isUnused || settings.Host is not { } host ? []
            : HostKeys.SetIn(host).Where(key => key is "netns" or "interface").Take(1).Select(key => new Fault(
                $"host.{key}", $"port {names[0]} is there already; {HostRules.OtherInterface(names[0])}"));
    }

    private void RefuseOthers(BridgeSettings settings)
    {
        if (settings.MakeRight && Array.Exists(_ports, port => Same(port.Name, settings.Right)))
        {
            throw new RefusalException(
                RefusalKind.Conflict,
                $"port {settings.Right} is there already, and may be a VM's; give {settings.Left} a port of another name (--as NAME), " +
                $"or connect the two: ptnet bridge add {settings.Left} {settings.Right}");
        }
    }

    // A port that is connected already is refused for that.
    private void RefuseLoop(BridgeSettings settings)
    {
        string[] ends = [settings.Left, settings.Right];
        ServedBridge[] bridges = _bridges;
        bool isUsed = Array.Exists(bridges, bridge => ends.Contains(bridge.Left.Name) || ends.Contains(bridge.Right.Name));
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
        if (Array.Find(_ports, port => Same(port.Name, name))?.Port is not IHostPort port)
        {
            return settings.Host;
        }

        HostPortState state = port.Describe();
        return new HostSettings { Interface = state.Interface, Netns = state.NetworkNamespace };
    }

    private static void RefuseUsed(ServedPort port)
    {
        RefuseBridged(port);
        if (port.HasGuest)
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {port.Name} has a guest; detach it first (ptnet port detach {port.Name})");
        }
    }

    private static void RefuseElsewhere(ServedBridge bridge, string port, string vale)
    {
        ServedPort other = Same(bridge.Left.Name, port) ? bridge.Right : bridge.Left;
        string? on = (other.Port as ValePort)?.Switch.Name;
        if (on is null || !Same(on, vale))
        {
            throw new RefusalException(
                RefusalKind.Conflict,
                on is null
                    ? $"{port} is not on {vale}, it is connected with {other.Name}; to part these: ptnet bridge rm {port}"
                    : $"{port} is not on {vale}, it is on {on}; to take it off there: ptnet switch detach {on} {port}");
        }
    }

    private static void RefuseBridged(ServedPort port)
    {
        if (port.Bridge is { } bridge)
        {
            throw new RefusalException(
                RefusalKind.Conflict,
                $"port {port.Name} is connected with {bridge.Other(port).Name}; part them first (ptnet bridge rm {bridge.Name})");
        }
    }

    private void DropUnused()
    {
        foreach (TrustDomain domain in _domains)
        {
            DropIfUnused(domain);
        }
    }
}
