using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>What a TAP port has of the kernel: the interface's queues, the links to another interface's stack, and what
/// is to be as before when it is closed. An interface that was there stays, as it was; one that was made goes with its
/// last queue, unless it is to persist.</summary>
internal sealed class TapInterface : IHeldInterface
{
    /// <summary>The note (<c>ifalias</c>) on persistent interfaces that were made here, which are not somebody
    /// else's.</summary>
    internal const string Mark = "ptnet";

    private readonly HostStackLinks? _links;
    private readonly NicLedger? _ledger;
    private NicPlace _place;
    private TapChange? _change;

    private TapInterface(
        NicPlace place, TapDevice[] devices, int index, (int Index, HostStackLinks Links)? stack, TapChange? change,
        NicLedger? ledger)
    {
        Devices = devices;
        Index = index;
        StackIndex = stack?.Index ?? 0;
        (_place, _links, _change, _ledger) = (place, stack?.Links, change, ledger);
    }

    /// <summary>Its queues.</summary>
    internal TapDevice[] Devices { get; }

    /// <summary>Its number, in its namespace.</summary>
    internal int Index { get; private set; }

    /// <summary>The number of the interface whose stack it leads to; 0: it leads to its own.</summary>
    internal int StackIndex { get; }

    /// <summary>False when it was deleted.</summary>
    internal bool IsThere => Devices[0].TryReadName() is not null;

    /// <inheritdoc/>
    public string? Left => null;

    /// <summary>Makes the interface, or attaches to one that is there, and brings it up.</summary>
    /// <exception cref="LinuxException">The kernel refused; nothing has changed.</exception>
    internal static TapInterface Open(NicPlace place, TapPortOptions options, NicLedger? ledger) =>
        place.Run(() => OpenHere(place, options, ledger));

    private static TapInterface OpenHere(NicPlace place, TapPortOptions options, NicLedger? ledger)
    {
        using var links = new Links();
        bool isNew = options.Interface.Contains('%', StringComparison.Ordinal);
        LinkInfo? before = isNew ? null : links.TryGet(options.Interface);
        TapOffloads offloads = TapOffloads.None;
        if (before?.Tap is { } state)
        {
            CheckUse(options, state);
            using var ethtool = new EthtoolDevice(before.Name);
            offloads = ethtool.ReadTapOffloads();
        }

        TapDevice[] devices = OpenQueues(options, before?.Tap?.IsMultiQueue is true);
        bool isOurs = before is null || string.Equals(before.Alias, Mark, StringComparison.Ordinal);
        TapChange? change = isOurs ? null : TapChange.Of(
            before!, options.NetworkNamespace, options.Mtu, options.Mac, devices[0].HeaderLengthBefore, offloads);
        (int Index, HostStackLinks Links)? stack = null;
        try
        {
            if (change is not null)
            {
                ledger?.Add(change);
            }

            int index = devices[0].Interface.Index;
            SetUp(links, devices[0], index, options, isOurs);
            stack = options.StackOf is { } name ? Join(links, devices[0], index, name) : null;
            return new TapInterface(place, devices, index, stack, change, ledger);
        }
        catch
        {
            stack?.Links.Dispose();
            Array.ForEach(devices, device => device.Dispose());
            Undo(change, ledger);
            throw;
        }
    }

    /// <summary>A TAP that leads to another interface's stack has that one's MTU.</summary>
    internal void FitMtu(int mtu)
    {
        if (StackIndex != 0 && Devices[0].Interface.TryReadMtu(out int own) && own != mtu)
        {
            Devices[0].Interface.Mtu = mtu;
        }
    }

    /// <summary>The interface is in another namespace.</summary>
    /// <param name="place">That one.</param>
    /// <param name="space">Its name; null: the process's own.</param>
    internal void Move(NicPlace place, string? space)
    {
        _place = place;
        place.Run(() => Array.ForEach(Devices, device => device.Move()));
        Index = Devices[0].Interface.Index;
        if (_change is { } change)
        {
            _change = change with { Identity = change.Identity with { Index = Index }, Namespace = space };
            _ledger?.Replace(change, _change);
        }
    }

    /// <summary>Gives it back. Nobody uses its queues.</summary>
    public void Dispose() => new Teardown()
        .Step("links to the stack", () => _links?.Dispose())
        .StepEach(Devices, device => device.Name, device => device.Dispose())
        .Step("interface", () => _place.Run(() => Undo(_change, _ledger)))
        .Finish();

    // What cannot be undone now stays noted, for the next process; with the interface all of it is gone.
    private static void Undo(TapChange? change, NicLedger? ledger)
    {
        if (change is not null && (change.TryUndoHere() || !change.IsThere()))
        {
            ledger?.Remove(change);
        }
    }

    private static void CheckUse(TapPortOptions options, TapState state)
    {
        if (state.Queues > 0)
        {
            throw new LinuxException(
                $"interface {options.Interface} is in use: {TapUsers.Of(options.Interface)} has " +
                $"{Quantity.Of(state.Queues, "queue")} of it (end it, or choose another interface)");
        }

        if (options.Queues > 1 && !state.IsMultiQueue)
        {
            throw new LinuxException(
                "interface " +
                $"{options.Interface} is there and has one queue, the port " +
                $"{options.Queues} ring pairs (--rings 1, or make it anew when nobody uses it: ip link del " +
                $"{options.Interface}; ip tuntap add {options.Interface} mode tap multi_queue)");
        }
    }

    private static TapDevice[] OpenQueues(TapPortOptions options, bool isMultiQueue)
    {
        var devices = new List<TapDevice>();
        try
        {
            var wanted = new TapOptions { MultiQueue = options.Queues > 1 || isMultiQueue, VnetHeader = true };

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

    private static void SetUp(Links links, TapDevice device, int index, TapPortOptions options, bool isOurs)
    {
        if (options.StackOf is not null)
        {
            Silence(device.Name);
        }

        if (options.Mac is { } mac)
        {
            device.SetMac(mac);
        }

        if (options.Mtu is { } mtu)
        {
            device.Interface.Mtu = mtu;
        }

        // One that was made here to persist, and is to persist no longer, goes with us.
        if (isOurs)
        {
            device.Persist(options.Persistent);
            if (options.Persistent)
            {
                links.SetAlias(index, Mark);
            }
        }

        device.BringUp();
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

    private static (int Index, HostStackLinks Links) Join(Links links, TapDevice device, int index, string name)
    {
        LinkInfo stack = links.TryGet(name) ?? throw new LinuxException(
            "there is no interface " +
            $"{name} in this network namespace (ip link shows those that there are; option --netns)");
        device.Interface.Mtu = stack.Mtu;
        return (stack.Index, HostStackLinks.Attach(index, stack.Index));
    }
}
