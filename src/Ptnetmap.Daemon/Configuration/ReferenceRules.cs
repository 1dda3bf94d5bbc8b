namespace Ptnetmap.Daemon.Configuration;

/// <summary>What has to fit together in a file: names that are taken once, domains that are there.</summary>
internal sealed class ReferenceRules(ProblemList problems)
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly List<string> _domains = [];
    private readonly List<(ConfigTable Table, string? Domain)> _members = [];
    private readonly List<(string Left, string Right)> _bridges = [];
    private readonly Dictionary<string, HostSettings?> _hosts = new(StringComparer.Ordinal);

    /// <summary>A trust domain.</summary>
    internal void Add(ConfigTable table, DomainSettings domain)
    {
        Claim(table, "name", "trust domain", domain.Name);
        if (domain.RegionId is { } id)
        {
            Claim(table, "region_id", "region id", $"{id}");
        }

        _domains.Add(domain.Name);
    }

    /// <summary>A switch.</summary>
    internal void Add(ConfigTable table, SwitchSettings vale) => Claim(table, "name", "switch", vale.Name);

    /// <summary>A port.</summary>
    internal void Add(ConfigTable table, PortSettings port)
    {
        Claim(table, "name", "port", port.Name);
        Claim(table, "mac", "Ethernet address", port.Mac);
        _ = _hosts.TryAdd(port.Name, port.Host);
        _members.Add((table, port.Domain));
    }

    /// <summary>A pipe.</summary>
    internal void Add(ConfigTable table, PipeSettings pipe)
    {
        Claim(table, "name", "pipe", pipe.Name);
        Claim(table, "master.mac", "Ethernet address", pipe.Master.Mac);
        Claim(table, "slave.mac", "Ethernet address", pipe.Slave.Mac);
        _members.Add((table, pipe.Domain));
    }

    /// <summary>A bridge.</summary>
    internal void Add(ConfigTable table, BridgeSettings bridge)
    {
        Claim(table, "left", "end of a bridge", bridge.Left);
        Claim(table, "right", "end of a bridge", bridge.Right);
        _members.Add((table, bridge.Domain));
        _ = _hosts.TryAdd(bridge.Left, bridge.Host);
        _ = _hosts.TryAdd(bridge.Right, bridge.Host);
        bool isNew = !_bridges.Exists(other => Shares(other, bridge)) && !BridgeLoops.IsOne(bridge.Left, bridge.Right);
        if (isNew && BridgeLoops.Find(_bridges, bridge.Left, bridge.Right, new InterfaceSides(_hosts.GetValueOrDefault)) is { } loop)
        {
            problems.Add(table.LineOf("right"), $"right: {loop}");
        }

        _bridges.Add((bridge.Left, bridge.Right));
    }

    /// <summary>Looks for domains that are not there, once all are read.</summary>
    internal void Check()
    {
        string known = _domains.Count == 0 ? "the file has none" : $"there are {string.Join(", ", _domains)}";
        foreach ((ConfigTable table, string? domain) in _members)
        {
            if (domain is not null && !_domains.Contains(domain))
            {
                problems.Add(table.LineOf("domain"), $"domain: no trust domain '{domain}'; {known}. Leave it out for one of its own");
            }
        }
    }

    private static bool Shares((string Left, string Right) other, BridgeSettings bridge) =>
        ((string[])[other.Left, other.Right]).Intersect([bridge.Left, bridge.Right], StringComparer.Ordinal).Any();

    private void Claim(ConfigTable table, string key, string what, string? name)
    {
        int line = table.LineOf(key);
        if (!string.IsNullOrEmpty(name) && !_names.TryAdd($"{what} {name}", line))
        {
            problems.Add(line, $"{key}: {what} '{name}' is taken already (line {_names[$"{what} {name}"]}){(HostRules.OtherInterface(name) is { } other ? $"; {other}" : "")}");
        }
    }
}
