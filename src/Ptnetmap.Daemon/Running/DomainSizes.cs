using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>How large a trust domain has to be for what the configuration puts into it.</summary>
public static class DomainSizes
{
    private const int UsualSlots = 1024;

    /// <summary>The settings of <paramref name="domain"/> with every size filled in: at least what its ports
    /// need.</summary>
    public static DomainSettings Of(DomainSettings domain, DaemonSettings all)
    {
        PortSettings[] ports = [.. all.Ports.Where(port => IsOf(port.Domain, domain))];
        PipeSettings[] pipes = [.. all.Pipes.Where(pipe => IsOf(pipe.Domain, domain))];
        IEnumerable<BridgeSettings> attached = all.Attachments.SelectMany(AttachmentRules.BridgesOf);
        BridgeSettings[] bridges = [.. all.Bridges.Concat(attached).Where(bridge => IsOf(bridge.Domain, domain))];
        int made = bridges.SelectMany(bridge => new[] { bridge.Left, bridge.Right })
            .Count(end => !ports.Any(port => string.Equals(port.Name, end, StringComparison.Ordinal)));
        IEnumerable<int> rings = ports.Select(port => port.Rings).Concat(pipes.Select(pipe => pipe.Rings))
            .Concat(bridges.Select(bridge => bridge.Rings));
        IEnumerable<int> slots = ports.Select(port => port.Slots).Concat(pipes.Select(pipe => pipe.Slots))
            .Concat(bridges.Select(bridge => bridge.Slots));
        return domain with
        {
            Ports = Math.Max(domain.Ports ?? 1, ports.Length + (2 * pipes.Length) + made),
            Rings = rings.Append(domain.Rings ?? 1).Max(),
            Slots = domain.Slots is null && ports.Length + pipes.Length + made == 0
                ? UsualSlots
                : slots.Append(domain.Slots ?? 0).Max(),
        };
    }

    private static bool IsOf(string? name, DomainSettings domain) =>
        string.Equals(name, domain.Name, StringComparison.Ordinal);
}
