using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>How large a trust domain has to be for what the configuration puts into it.</summary>
public static class DomainSizes
{
    private const int UsualSlots = 1024;

    /// <summary>The settings of <paramref name="domain"/> with every size filled in: at least what its ports need.</summary>
    public static DomainSettings Of(DomainSettings domain, DaemonSettings all)
    {
        PortSettings[] ports = [.. all.Ports.Where(port => IsOf(port.Domain, domain))];
        PipeSettings[] pipes = [.. all.Pipes.Where(pipe => IsOf(pipe.Domain, domain))];
        IEnumerable<int> rings = ports.Select(port => port.Rings).Concat(pipes.Select(pipe => pipe.Rings));
        IEnumerable<int> slots = ports.Select(port => port.Slots).Concat(pipes.Select(pipe => pipe.Slots));
        return domain with
        {
            Ports = Math.Max(domain.Ports ?? 1, ports.Length + (2 * pipes.Length)),
            Rings = rings.Append(domain.Rings ?? 1).Max(),
            Slots = domain.Slots is null && ports.Length + pipes.Length == 0 ? UsualSlots : slots.Append(domain.Slots ?? 0).Max(),
        };
    }

    private static bool IsOf(string? name, DomainSettings domain) => string.Equals(name, domain.Name, StringComparison.Ordinal);
}
