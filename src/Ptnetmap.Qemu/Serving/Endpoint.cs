using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <summary>A device that is served: its listening socket, and its client when it has one.</summary>
internal sealed class Endpoint
{
    private readonly Lock _lock = new();
    private bool _hasSocket = true;

    internal Endpoint(PciDevice device, string socketPath, UnixSocket listener)
    {
        Device = device;
        SocketPath = socketPath;
        Listener = listener;
    }

    internal PciDevice Device { get; }

    internal string SocketPath { get; }

    internal UnixSocket Listener { get; }

    internal ulong ListenTag { get; set; }

    internal ulong AttentionTag { get; set; }

    internal ulong SessionTag { get; set; }

    internal SocketStream? Stream { get; set; }

    internal Session? Session { get; set; }

    internal bool WaitsForOutput { get; set; }

    /// <summary>Removes the socket from its directory, once: the name may be another one's afterwards. Any thread may call it.</summary>
    internal void RemoveSocket()
    {
        lock (_lock)
        {
            if (_hasSocket)
            {
                _hasSocket = false;
                FileRemoval.Remove(SocketPath);
            }
        }
    }
}
