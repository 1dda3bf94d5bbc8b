using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>A port whose other side is a TAP interface: what is sent here the host's kernel receives on it, what the kernel
/// sends on it arrives here. One queue a ring pair. A frame that the kernel does not take is dropped and counted; while there is no
/// interface, the port's user sees no more packets, and all that it sends is dropped.</summary>
public sealed class TapPort : Port, IHostPort
{
    private readonly TapQueue[] _queues;
    private readonly Quiescence _passes;
    private readonly Lock _control = new();
    private TapLink? _link;
    private NicSupervisor? _ownSupervisor;

    private TapPort(string name, MemoryRegion region, TapPortOptions options, Quiescence quiescence, TapQueue[] queues)
        : base(name, region, PortShape.Symmetric(options.Queues, options.Slots), quiescence)
    {
        _passes = quiescence;
        _queues = queues;
    }

    /// <inheritdoc/>
    public override bool HasBackPressure => false;

    /// <inheritdoc/>
    public override bool CanUseVnetHeader => true;

    /// <summary>What the interface is called.</summary>
    public string Interface => _link!.InterfaceName;

    /// <summary>Makes the interface, brings it up, and opens the port in <paramref name="region"/>.</summary>
    /// <param name="name">The port's name.</param>
    /// <param name="region">Where its rings and buffers are to lie.</param>
    /// <param name="options">What the interface is to be.</param>
    /// <param name="quiescence">The one of all ports.</param>
    /// <param name="namespaces">Tells when the interface's namespace is deleted; null: the interface then stays as long as the
    /// port.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public static TapPort Create(
        string name, MemoryRegion region, TapPortOptions options, Quiescence quiescence, NamespaceWatch? namespaces = null) =>
        Create(name, region, options, quiescence, port =>
        {
            if (namespaces is not null)
            {
                port._ownSupervisor = new NicSupervisor(namespaces);
                port._link = port._ownSupervisor.Add(port, options);
                return;
            }

            port._link = new TapLink(port, options, ledger: null, supervisor: null);
            port._link.EnterPlace();
            port._link.Open(waits: false);
        });

    /// <summary>The same, looked after by <paramref name="supervisor"/>: it may have the port wait for a namespace or an interface.</summary>
    /// <param name="name">The port's name.</param>
    /// <param name="region">Where its rings and buffers are to lie.</param>
    /// <param name="options">What the interface is to be.</param>
    /// <param name="quiescence">The one of all ports.</param>
    /// <param name="supervisor">Who hears of what happens to the interface.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public static TapPort Create(
        string name, MemoryRegion region, TapPortOptions options, Quiescence quiescence, NicSupervisor supervisor) =>
        Create(name, region, options, quiescence, port => port._link = supervisor.Add(port, options));

    /// <inheritdoc/>
    public override SyncStatus TxSync(Kring tx, uint budget) => _queues[tx.Index].TxSync(tx, budget);

    /// <inheritdoc/>
    public override void NotifyReceivers(Kring tx)
    {
        // The kernel was told with each frame.
    }

    /// <inheritdoc/>
    public override RxSource? SourceOf(Kring rx) => _queues[rx.Index];

    /// <inheritdoc/>
    public HostPortState Describe() => _link!.Describe();

    /// <summary>Connects the port to an interface: the link comes up. The queues stay the caller's.</summary>
    /// <exception cref="LinuxException">The interface is gone again.</exception>
    internal void Connect(TapDevice[] devices)
    {
        lock (_control)
        {
            for (int i = 0; i < _queues.Length; i++)
            {
                _queues[i].Connect(devices[i]);
            }
        }

        RunPasses();
    }

    /// <summary>Takes the interface away. On return its queues are used no more.</summary>
    internal void Disconnect()
    {
        lock (_control)
        {
            Array.ForEach(_queues, queue => queue.Disconnect());
            if (!_passes.Wait())
            {
                KeepForStuckPass();
            }
        }

        RunPasses();
    }

    /// <summary>The interface's MTU may be another one.</summary>
    internal void FitMtu() => Array.ForEach(_queues, queue => queue.FitMtu());

    /// <inheritdoc/>
    protected override void VnetHeaderChanging()
    {
        int next = VnetHeaderLength == 0 ? VnetHeader.Length : 0;
        lock (_control)
        {
            Array.ForEach(_queues, queue => queue.SetHeader(next));
        }
    }

    /// <inheritdoc/>
    protected override void Leave() => new Teardown()
        .Step($"interface of {Name}", () => _link?.Release())
        .Step("supervisor", () => _ownSupervisor?.Dispose())
        .StepEach(_queues, queue => "queue", queue => queue.Dispose())
        .Finish();

    private static TapPort Create(
        string name, MemoryRegion region, TapPortOptions options, Quiescence quiescence, Action<TapPort> connect)
    {
        var queues = new List<TapQueue>();
        TapPort? port = null;
        try
        {
            for (int i = 0; i < options.Queues; i++)
            {
                queues.Add(new TapQueue(region.Buffers.BufferSize));
            }

            port = new TapPort(name, region, options, quiescence, [.. queues]);
            connect(port);
            return port;
        }
        catch
        {
            if (port is null)
            {
                queues.ForEach(queue => queue.Dispose());
            }

            port?.Dispose();
            throw;
        }
    }

    // A guest that waits for packets starts no pass when the interface comes.
    private void RunPasses()
    {
        foreach (Kring ring in RxRings.Concat(TxRings))
        {
            ring.Client?.RunPass();
        }
    }
}
