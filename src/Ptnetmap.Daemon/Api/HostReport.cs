using Ptnetmap.HostPorts;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Api;

/// <summary>The other side of a port, when that is the host's kernel or a file.</summary>
public sealed record HostReport
{
    /// <summary>The interface's name, or the files'.</summary>
    public required string Interface { get; init; }

    /// <summary>up, down or gone.</summary>
    [Schema("up", "down", "gone")]
    public required string Link { get; init; }

    /// <summary>How packets are moved.</summary>
    public required string Mode { get; init; }

    /// <summary>Largest payload of a frame.</summary>
    public int? Mtu { get; init; }

    /// <summary>The interface's own address.</summary>
    public string? Mac { get; init; }

    /// <summary>Queues of the other side.</summary>
    public required int Queues { get; init; }

    /// <summary>The network namespace that it is in, when that is not the daemon's.</summary>
    public string? Netns { get; init; }

    /// <summary>What else is worth saying.</summary>
    public string? Note { get; init; }

    /// <summary>The other side's own counters.</summary>
    public required IReadOnlyDictionary<string, long> Counters { get; init; }

    /// <summary>What the kernel counts on the interface, by its own names (<c>ip -s link</c>).</summary>
    public IReadOnlyDictionary<string, long>? Kernel { get; init; }

    internal static HostReport? Of(Port port)
    {
        if (port is not IHostPort host)
        {
            return null;
        }

        HostPortState state = host.Describe();
        return new HostReport
        {
            Interface = state.Interface,
            Link = state.Link,
            Mode = state.Mode,
            Mtu = state.Mtu,
            Mac = state.Mac,
            Queues = state.Queues,
            Netns = state.NetworkNamespace,
            Note = state.Note,
            Counters = state.Counters,
            Kernel = state.Kernel is { } kernel ? KernelCounters.ByName(kernel) : null,
        };
    }
}
