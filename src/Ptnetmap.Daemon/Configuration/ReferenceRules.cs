using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What has to fit together in a file: names that are taken once, domains that are there.</summary>
internal sealed class ReferenceRules(ProblemList problems)
{
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _domains = new(StringComparer.Ordinal);
    private readonly List<(ConfigTable Table, string? Domain)> _members = [];
    private readonly List<(ConfigTable Table, string Key, string Owner)> _private = [];
    private readonly HashSet<string> _ports = new(StringComparer.Ordinal);
    private readonly List<(ConfigTable Table, BridgeSettings Bridge, string Left, string Right)> _bridges = [];
    private readonly Dictionary<string, HostSettings?> _hosts = new(StringComparer.Ordinal);
    private bool _hasNamelessDomain;

    /// <summary>A trust domain.</summary>
    internal void Add(Section section, DomainSettings domain)
    {
        Claim(section.Table, "name", "trust domain", domain.Name);
        if (domain.RegionId is { } id)
        {
            Claim(section.Table, "region_id", "region id", $"{id}");
        }

        _hasNamelessDomain |= section.IsTold("name");
        _ = _domains.TryAdd(domain.Name, section.Table.LineOf("name"));
    }

    /// <summary>A switch.</summary>
    internal void Add(Section section, SwitchSettings vale) => Claim(section.Table, "name", "switch", vale.Name);

    /// <summary>A port.</summary>
    internal void Add(Section section, PortSettings port)
    {
        Claim(section.Table, "name", "port", port.Name);
        Claim(section.Table, "mac", port.Mac);
        Join(section.Table, "name", port.Name, port.Domain);
        _ = _ports.Add(port.Name);
        _ = _hosts.TryAdd(port.Name, port.Host);
    }

    /// <summary>A pipe.</summary>
    internal void Add(Section section, PipeSettings pipe)
    {
        Claim(section.Table, "name", "pipe", pipe.Name);
        Claim(section.Table, "master.mac", pipe.Master.Mac);
        Claim(section.Table, "slave.mac", pipe.Slave.Mac);
        Join(section.Table, "name", pipe.Name, pipe.Domain);
        if (PortName.TryParse(pipe.Name, out PortName? name) && name.Pipe != PipeEnd.None)
        {
            _ports.UnionWith([name.Port, name.OtherEnd]);
        }
    }

    /// <summary>A bridge.</summary>
    internal void Add(Section section, BridgeSettings bridge) => Add(section, bridge, "left", "right");

    /// <summary>An attachment: the bridges that it is made of.</summary>
    internal void Add(Section section, AttachmentSettings attachment)
    {
        foreach (BridgeSettings bridge in AttachmentRules.BridgesOf(attachment))
        {
            Add(section, bridge, "port", attachment.As is null ? "switch" : "as");
        }
    }

    /// <summary>Looks at what is known once all are read: domains that are not there, those of ports of their own that
    /// are, ways that are closed.</summary>
    internal void Check()
    {
        CheckBridges();
        string known = _domains.Count == 0
            ? "the file has none"
            : $"there are {string.Join(", ", _domains.Keys.Select(Printable.Name))}";
        foreach ((ConfigTable table, string? domain) in _members.DistinctBy(member => member.Domain,
            StringComparer.Ordinal))
        {
            // Once for each; and it may be the one whose name is missing or wrong.
            if (domain is not null && !_domains.ContainsKey(domain) && !_hasNamelessDomain)
            {
                problems.Add(table.LineOf("domain"),
                    $"domain: no trust domain '{Printable.Name(domain)}'; {known}. Leave it out for one of its own");
            }
        }

        foreach ((ConfigTable table, string key, string owner) in _private)
        {
            if (_domains.TryGetValue(owner, out int line))
            {
                problems.Add(
                    table.LineOf(key),
                    $"{key}: trust domain " +
                    $"'{owner}' (line {line}) has the name of the one that {owner} has for itself; " +
                    $"call it something else, or put {owner} into it (domain)");
            }
        }
    }

    // The keys are what the two ends are called in that table.
    private void Add(Section section, BridgeSettings bridge, string left, string right)
    {
        Claim(section.Table, left, "end of a bridge", bridge.Left);
        if (!string.Equals(bridge.Left, bridge.Right, StringComparison.Ordinal))
        {
            Claim(section.Table, right, "end of a bridge", bridge.Right);
        }

        _ = _hosts.TryAdd(bridge.Left, bridge.Host);
        _ = _hosts.TryAdd(bridge.Right, bridge.Host);
        _bridges.Add((section.Table, bridge, left, right));
    }

    private static bool Shares(BridgeSettings one, BridgeSettings other) =>
        ((string[])[one.Left, one.Right]).Intersect([other.Left, other.Right], StringComparer.Ordinal).Any();

    // What is wrong with a name, or taken, is told already.
    private void CheckBridges()
    {
        var before = new List<BridgeSettings>();
        var sides = new InterfaceSides(_hosts.GetValueOrDefault);
        foreach ((ConfigTable table, BridgeSettings bridge, string left, string right) in _bridges)
        {
            string[] ends = [bridge.Left, bridge.Right];
            bool isNew = ends.All(end => PortName.TryParse(end, out _))
                && !before.Exists(other => Shares(other, bridge))
                && !BridgeLoops.IsOne(bridge.Left, bridge.Right);
            if (isNew && BridgeLoops.Find(before.Select(other => (other.Left, other.Right)), bridge.Left, bridge.Right,
                sides) is { } loop)
            {
                problems.Add(table.LineOf(right), $"{right}: {loop}");
            }

            before.Add(bridge);
            Join(table, left, bridge.Left, bridge.Domain, isMade: !ends.Any(_ports.Contains));
        }
    }

    // Without a domain a port has one for itself, which is called as it is.
    private void Join(ConfigTable table, string key, string owner, string? domain, bool isMade = true)
    {
        _members.Add((table, domain));
        if (domain is null && isMade)
        {
            _private.Add((table, key, owner));
        }
    }

    // However it is spelled.
    private void Claim(ConfigTable table, string key, string? mac)
    {
        if (MacAddress.TryParse(mac, out MacAddress address))
        {
            Claim(table, key, "Ethernet address", address.ToString());
        }
    }

    private void Claim(ConfigTable table, string key, string what, string name)
    {
        int line = table.LineOf(key);
        if (name.Length > 0 && !_names.TryAdd($"{what} {name}", line))
        {
            string help = HostRules.OtherInterface(name) is { } other ? $"; {other}" : "";
            problems.Add(line,
                $"{key}: {what} '{Printable.Name(name)}' is taken already (line {_names[$"{what} {name}"]}){help}");
        }
    }
}
