using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary>Has an interface receive all frames, as long as this object lives: the kernel counts who wants that, and
/// takes this one off when the process ends, however it ends (<c>packet(7)</c>, <c>PACKET_MR_PROMISC</c>).</summary>
public sealed class PromiscuousMode : IDisposable
{
    private const int PacketFamily = 17;
    private const int RawCloexec = 3 | Libc.OCloexec;
    private const int SolPacket = 263;
    private const int AddMembership = 1;
    private const ushort Promiscuous = 1;

    private readonly FileDescriptor _socket;

    private PromiscuousMode(FileDescriptor socket) => _socket = socket;

    /// <summary>Turns it on.</summary>
    /// <param name="interfaceIndex">The interface's number, in the calling thread's network namespace.</param>
    /// <exception cref="LinuxException">There is no such interface, or the kernel refused.</exception>
    public static unsafe PromiscuousMode Enable(int interfaceIndex)
    {
        // A protocol of 0: the socket itself receives nothing.
        int number = Libc.Socket(PacketFamily, RawCloexec, 0);
        var socket = number >= 0
            ? new FileDescriptor(number)
            : throw LinuxException.Last("socket(AF_PACKET)", "be root (CAP_NET_RAW)");
        var membership = new PacketMembership { InterfaceIndex = interfaceIndex, Kind = Promiscuous };
        if (Xdp.XdpNative.SetSocketOption(number, SolPacket, AddMembership, &membership,
            (uint)sizeof(PacketMembership)) != 0)
        {
            var refusal = LinuxException.Last($"PACKET_ADD_MEMBERSHIP(interface {interfaceIndex}, promiscuous)");
            socket.Dispose();
            throw refusal;
        }

        return new PromiscuousMode(socket);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // struct packet_mreq.
    [StructLayout(LayoutKind.Sequential)]
    private struct PacketMembership
    {
        internal int InterfaceIndex;
        internal ushort Kind;
        internal ushort AddressLength;
        internal ulong Address;
    }
}
