using Ptnetmap.HostPorts.Xdp;


namespace Ptnetmap.HostPorts.Nic;

/// <summary>What of a NIC a port is to have, and how.</summary>
public sealed record NicOptions
{
    /// <summary>The interface's name.</summary>
    public required string Interface { get; init; }

    /// <summary>The network namespace that it is in: a name of <c>ip netns</c> or a path; null: the daemon's
    /// own.</summary>
    public string? Namespace { get; init; }

    /// <summary>The first queue that the port has.</summary>
    public int FirstQueue { get; init; }

    /// <summary>How many queues it has: one a ring pair.</summary>
    public int Queues { get; init; } = 1;

    /// <summary>The port is to have all queues of the interface: then there have to be as many as ring pairs, or frames
    /// of the others would pass it by.</summary>
    public bool AllQueues { get; init; }

    /// <summary>The only mode that will do; null: the best that there is.</summary>
    public NicMode? Wanted { get; init; }

    /// <summary>Which frames come to the port; the others go on to the kernel's stack.</summary>
    public NicFilter Filter { get; init; } = NicFilter.Everything;

    /// <summary>How long the kernel is to poll the device when it is asked for frames, in microseconds
    /// (<c>SO_BUSY_POLL</c>); 0: it goes by interrupts.</summary>
    public int BusyPoll { get; init; }

    /// <summary>Checksums that a sender's kernel has left undone are completed in received frames; null: where the
    /// driver may bring such frames, see <see cref="OpenChecksums"/>.</summary>
    public bool? CompletesChecksums { get; init; }

    /// <summary>Receive frames for every address: for a port that is a switch's uplink.</summary>
    public bool Promiscuous { get; init; }

    /// <summary>What to say when the interface is not there: <c>netmap:br-1</c> names a queue of <c>br</c>, which who
    /// has a <c>br-1</c> does not expect.</summary>
    internal string NotThere => AllQueues
        ? $"there is no interface {Interface}"
        : "there is no interface " +
            $"{Interface}, of which this is queue {FirstQueue}; for an interface called {Interface}-{FirstQueue}: " +
            $"netmap:NAME --interface {Interface}-{FirstQueue}";
}
