using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <summary>Serves devices to vfio-user clients (QEMU): a socket a device in one directory, and one thread for all of
/// them (<see cref="SocketServer"/>). Devices of those who do not trust each other belong to servers of their
/// own.</summary>
public sealed class DeviceServer : IDisposable
{
    private readonly ISessionObserver? _observer;
    private readonly SocketServer _server;

    /// <summary>Starts the thread.</summary>
    /// <param name="directory">Where the sockets are made; it is there already and should be the owner's alone
    /// (0700).</param>
    /// <param name="observer">Learns what clients do.</param>
    /// <param name="patience">How long the thread is waited for; null: 8 s.</param>
    /// <exception cref="LinuxException">There is no descriptor left, or no room for another thread.</exception>
    public DeviceServer(string directory, ISessionObserver? observer = null, TimeSpan? patience = null)
        : this(directory, observer, new SocketServer("ptnet-devices", PciDevice.Noun, observer, patience))
    {
    }

    /// <summary>Has a server, its own from now on, that a test chooses.</summary>
    internal DeviceServer(string directory, ISessionObserver? observer, SocketServer server)
    {
        Directory = directory;
        _observer = observer;
        _server = server;
    }

    /// <summary>Where the sockets are.</summary>
    public string Directory { get; }

    /// <summary>How often the thread was woken: an idle VM does not wake it.</summary>
    public long WakeUps => _server.WakeUps;

    /// <summary>Messages of clients handled so far, of all devices.</summary>
    public long Messages => _server.Messages;

    /// <summary>The path of a device's socket.</summary>
    public string PathOf(PciDevice device) => Path.Combine(Directory, device.Name + ".sock");

    /// <summary>Serves <paramref name="device"/> from now on.</summary>
    /// <returns>The path of its socket: a client can connect.</returns>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    public string Add(PciDevice device)
    {
        string path = PathOf(device);
        Add(device, path);
        return path;
    }

    /// <summary>Serves <paramref name="device"/> from now on, at <paramref name="path"/>, which must not be there
    /// yet.</summary>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    public void Add(PciDevice device, string path) =>
        _server.Add(device, path, stream => new ClientSession(stream, new VfioUserProtocol(device, _observer)));

    /// <summary>Serves <paramref name="device"/> no more: its client is cut off, its guest detached, its socket
    /// removed. The device can be disposed of afterwards.</summary>
    public void Remove(PciDevice device) => _server.Remove(device);

    /// <summary>Runs <paramref name="order"/> on the device thread, which alone may touch a device that is served, and
    /// waits for it.</summary>
    /// <exception cref="Exception">What it throws.</exception>
    /// <exception cref="TimeoutException">The thread hangs.</exception>
    public void Invoke(Action order) => _server.Invoke(order);

    /// <summary>Leaves a thread that hangs to itself: its sockets' names may be used again.</summary>
    public void Abandon() => _server.Abandon();

    /// <summary>Has the device thread look after all clients, and does not wait for it: one that has given its device
    /// up is cut off, for it says so in no message, and a device whose memory was taken away stops.</summary>
    public void LookAfter() => _server.LookAfter();

    /// <summary>Cuts off all clients and ends the thread. The devices stay their owner's.</summary>
    public void Dispose() => _server.Dispose();
}
