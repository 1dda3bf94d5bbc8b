using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>A port whose other side is an interface that comes and goes. Who looks after that connects and disconnects
/// the port; what the port wants of them it tells by <see cref="Wished"/>. It is down while it is not connected:
/// nothing is received, and what is sent is dropped and counted.</summary>
public abstract class InterfacePort : Port, IHostPort
{
    private Func<HostPortState>? _describe;

    private protected InterfacePort(string name, MemoryRegion region, PortShape shape, Quiescence quiescence)
        : base(name, region, shape, quiescence)
    {
    }

    /// <summary>Told what it wants of who looks after its interface, which is done on return.</summary>
    public event Action<PortWish>? Wished;

    /// <summary>Takes the interface away: the link goes down. On return its queues are used no more.</summary>
    public abstract void Disconnect();

    /// <inheritdoc/>
    public HostPortState Describe() => _describe?.Invoke()
        ?? new HostPortState { Interface = Name, Link = "gone", Mode = "none", Queues = RxRings.Length };

    /// <summary>Has somebody else say what there is to know of the interface.</summary>
    internal void DescribeBy(Func<HostPortState> describe) => _describe = describe;

    private protected void Wish(PortWish wish) => Wished?.Invoke(wish);

    // A guest that waits, for packets or for slots that are on their way, starts no pass; and an interface that came or
    // went starts none either.
    private protected void RunPasses()
    {
        foreach (Kring ring in RxRings.Concat(TxRings))
        {
            ring.Client?.RunPass();
        }
    }
}
