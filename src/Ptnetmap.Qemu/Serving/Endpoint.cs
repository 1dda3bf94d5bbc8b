using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Qemu.Serving;

/// <summary>A device that is served: its listening socket, and its client when it has one.</summary>
internal sealed class Endpoint
{
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
}
