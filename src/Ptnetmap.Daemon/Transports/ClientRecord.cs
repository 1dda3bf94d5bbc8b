using Ptnetmap.Daemon.Hosting;

namespace Ptnetmap.Daemon.Transports;

/// <summary>What the clients of a port's devices did, and how much of it is logged.</summary>
/// <param name="port">The port's name.</param>
/// <param name="clock">The clock; null: the system's.</param>
public sealed class ClientRecord(string port, TimeProvider? clock = null)
{
    /// <summary>Least time between two bursts of lines about one port.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromSeconds(10);

    private const int Lines = 5;
    private const int MoreLines = 20;

    private long _refusals;

    /// <summary>The port's name.</summary>
    public string Port => port;

    /// <summary>Called when a client has come or gone: must not block.</summary>
    public Action Changed { get; init; } = () => { };

    /// <summary>What was asked for and refused. Any thread may read it.</summary>
    public long Refusals => Volatile.Read(ref _refusals);

    /// <summary>Limits the lines about refusals.</summary>
    public RateLimit Faults { get; } = new(Lines, Quiet, clock);

    /// <summary>Limits the lines about clients and guests that come and go.</summary>
    public RateLimit Comings { get; } = new(MoreLines, Quiet, clock);

    /// <summary>Counts one.</summary>
    public void CountRefusal() => Interlocked.Increment(ref _refusals);
}
