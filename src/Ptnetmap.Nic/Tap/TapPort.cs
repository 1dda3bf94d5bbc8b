using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Offloads;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Nic.Tap;

/// <summary>A port whose other side is a TAP interface: what is sent here the host's kernel receives on it, what the kernel
/// sends on it arrives here. One queue a ring pair. A frame that the kernel does not take is dropped and counted; when the
/// interface is deleted, the port's user sees no more packets, and all that it sends is dropped.</summary>
public sealed class TapPort : Port, IHostPort
{
    private readonly TapDevice[] _devices;
    private readonly TapQueue[] _queues;
    private readonly TapPortOptions _options;
    private readonly LinkReader _reader;
    private HostStackLinks? _stack;
    private IDisposable? _name;
    private volatile bool _isAbandoned;

    private TapPort(
        string name, MemoryRegion region, TapDevice[] devices, TapPortOptions options, Quiescence quiescence)
        : base(name, region, PortShape.Symmetric(options.Queues, options.Slots), quiescence)
    {
        _devices = devices;
        _options = options;
        _reader = InNamespace(options, () => new LinkReader());
        _queues = [.. devices.Select(device => new TapQueue(device, region.Buffers.BufferSize))];
    }

    /// <inheritdoc/>
    public override bool HasBackPressure => false;

    /// <inheritdoc/>
    public override bool CanUseVnetHeader => true;

    /// <summary>The interface's name.</summary>
    public string Interface => _devices[0].Name;

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
        string name, MemoryRegion region, TapPortOptions options, Quiescence quiescence, NamespaceWatch? namespaces = null)
    {
        TapDevice[] devices = InNamespace(options, () => OpenQueues(options));
        TapPort? port = null;
        try
        {
            _ = InNamespace(options, () => SetUp(devices[0], options));
            port = new TapPort(name, region, devices, options, quiescence);
            port._stack = options.StackOf is { } stack ? InNamespace(options, () => Join(devices[0], stack)) : null;
            port._name = options.NetworkNamespace is { } space ? namespaces?.Watch(space, port.OnNamespace) : null;
            return port;
        }
        catch
        {
            port?.Dispose();
            Array.ForEach(devices, device => device.Dispose());
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

    /// <inheritdoc/>
    public HostPortState Describe()
    {
        InterfaceControl control = _devices[0].Interface;
        bool there = control.TryReadMtu(out int mtu) && !_queues[0].IsGone;
        string name = _options.StackOf ?? Interface;
        return new HostPortState
        {
            Interface = name,
            Link = !there ? "gone" : control.IsRunning ? "up" : "down",
            Mode = _options.StackOf is null ? "tap" : "host stack",
            Mtu = there ? mtu : null,
            Mac = control.TryReadMac(),
            Queues = _devices.Length,
            NetworkNamespace = _options.NetworkNamespace,
            Note = there ? null
                : $"the {(_isAbandoned ? $"network namespace {_options.NetworkNamespace}" : "interface")} was deleted; close the port and add it again",
            Kernel = there ? _reader.TryGet(name)?.Statistics : null,
        };
    }

    /// <inheritdoc/>
    protected override void VnetHeaderChanging()
    {
        int next = VnetHeaderLength == 0 ? VnetHeader.Length : 0;
        Array.ForEach(_queues, queue => queue.SetHeader(next));
    }

    /// <inheritdoc/>
    protected override void Leave()
    {
        _name?.Dispose();
        _stack?.Dispose();
        _reader.Dispose();
        Array.ForEach(_queues, queue => queue.Close());
    }

    // Our descriptors keep a namespace alive that was deleted, and the interface in it: that at least goes.
    private void OnNamespace(bool isThere)
    {
        if (!isThere)
        {
            _isAbandoned = true;
            _stack?.Dispose();
            _reader.Delete(Interface);
        }
    }

    private static T InNamespace<T>(TapPortOptions options, Func<T> action)
    {
        if (options.NetworkNamespace is not { } name)
        {
            return action();
        }

        using NetworkNamespace space = NetworkNamespace.OpenNamed(name);
        return space.Run(action);
    }

    private static TapDevice[] OpenQueues(TapPortOptions options)
    {
        var devices = new List<TapDevice>();
        try
        {
            var wanted = new TapOptions { MultiQueue = options.Queues > 1, VnetHeader = true };

            // A name with %d is made sure of by the first.
            for (int i = 0; i < options.Queues; i++)
            {
                devices.Add(TapDevice.Create(i == 0 ? options.Interface : devices[0].Name, wanted));
            }

            return [.. devices];
        }
        catch
        {
            devices.ForEach(device => device.Dispose());
            throw;
        }
    }

    private static HostStackLinks Join(TapDevice device, string name)
    {
        using var stack = new InterfaceControl(name);
        device.Interface.Mtu = stack.Mtu;
        return HostStackLinks.Attach(device.Interface.Index, stack.Index);
    }

    // The TAP that leads to another interface's stack is to have no traffic of its own.
    private static void Silence(string name)
    {
        string setting = $"/proc/sys/net/ipv6/conf/{name}/disable_ipv6";
        if (File.Exists(setting))
        {
            File.WriteAllText(setting, "1");
        }
    }

    private static bool SetUp(TapDevice device, TapPortOptions options)
    {
        if (options.StackOf is not null)
        {
            Silence(device.Name);
        }

        if (options.Mac is { } mac)
        {
            device.SetMac(mac.Span);
        }

        if (options.Mtu is { } mtu)
        {
            device.Interface.Mtu = mtu;
        }

        // A persistent interface that is to persist no longer goes with us.
        device.Persist(options.Persistent);
        device.BringUp();
        return true;
    }
}
