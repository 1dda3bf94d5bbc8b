using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>A port whose other side is a TAP interface: what is sent here the host's kernel receives on it, what the
/// kernel sends on it arrives here. One queue a ring pair. A frame that the kernel does not take is dropped and
/// counted; while there is no interface, the port's user sees no more packets, and all that it sends is
/// dropped.</summary>
public sealed class TapPort : InterfacePort
{
    private readonly TapQueue[] _queues;
    private readonly Quiescence _passes;
    private readonly Lock _control = new();

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

    /// <summary>Opens the port, not connected to anything.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="region">Where its rings and buffers are to lie.</param>
    /// <param name="options">What the interface is to be.</param>
    /// <param name="quiescence">The one of all ports.</param>
    /// <exception cref="LinuxException">No descriptor left.</exception>
    /// <exception cref="RegionLimitException">The region has not enough left.</exception>
    public static TapPort Create(string name, MemoryRegion region, TapPortOptions options, Quiescence quiescence)
    {
        var queues = new List<TapQueue>();
        try
        {
            for (int i = 0; i < options.Queues; i++)
            {
                queues.Add(new TapQueue(region.Buffers.BufferSize));
            }

            return new TapPort(name, region, options, quiescence, [.. queues]);
        }
        catch
        {
            queues.ForEach(queue => queue.Dispose());
            throw;
        }
    }

    /// <inheritdoc/>
    public override SyncStatus TxSync(Kring tx, uint budget) => _queues[tx.Index].TxSync(tx, budget);

    /// <inheritdoc/>
    public override void NotifyReceivers(Kring tx)
    {
        // The kernel was told with each frame.
    }

    /// <inheritdoc/>
    public override RxSource? SourceOf(Kring rx) => _queues[rx.Index];

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

    /// <inheritdoc/>
    public override void Disconnect()
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
        .Step($"interface of {Name}", () => Wish(PortWish.Release))
        .StepEach(_queues, queue => "queue", queue => queue.Dispose())
        .Finish();
}
