using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Xdp;

/// <content>The steps from a new socket to a bound one, with the kernel's refusals explained.</content>
public sealed partial class XdpSocket
{
    private static FileDescriptor Create()
    {
        int number = Libc.Socket(XdpNative.AddressFamily, XdpNative.SockRaw | XdpNative.SockCloexec, 0);
        return number >= 0
            ? new FileDescriptor(number)
            : throw LinuxException.Last("socket(AF_XDP)", "be root (CAP_NET_RAW), on a kernel with CONFIG_XDP_SOCKETS");
    }

    private static unsafe void Register(FileDescriptor file, XdpUmem umem)
    {
        var registration = new XdpNative.UmemRegistration
        {
            Address = (ulong)umem.Address,
            Length = (ulong)umem.Length,
            ChunkSize = umem.ChunkSize,
            Flags = XdpNative.UmemUnalignedChunks,
        };
        int status = XdpNative.SetSocketOption(
            file.Number, XdpNative.SolXdp, XdpNative.UmemRegister, &registration,
            (uint)sizeof(XdpNative.UmemRegistration));
        if (status != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new LinuxException($"XDP_UMEM_REG({umem.Length} bytes, chunks of {umem.ChunkSize})", error,
                error switch
                {
                    XdpNative.ENoBufs or Libc.ENoMem =>
                        "raise the limit on locked memory (ulimit -l), or make the region smaller",
                    XdpNative.EInval =>
                        "the kernel is older than 5.4, or does not take chunks of this size (option --buffer-size)",
                    _ => null,
                });
        }
    }

    private static unsafe void SetRingSize(FileDescriptor file, int ring, uint slots, string option)
    {
        XdpRingMemory.CheckSize(slots, option);
        if (XdpNative.SetSocketOption(file.Number, XdpNative.SolXdp, ring, &slots, sizeof(uint)) != 0)
        {
            throw LinuxException.Last($"setsockopt(SOL_XDP, ring {ring}, {slots} entries)", "choose a smaller ring");
        }
    }

    private static unsafe void Bind(FileDescriptor file, XdpSocketOptions options, ushort flags,
        FileDescriptor? shareWith)
    {
        var address = new XdpNative.SocketAddress
        {
            Family = XdpNative.AddressFamily,
            Flags = flags,
            InterfaceIndex = (uint)options.InterfaceIndex,
            Queue = (uint)options.Queue,
            SharedUmemDescriptor = (uint)(shareWith?.Number ?? 0),
        };
        if (Libc.Bind(file.Number, (byte*)&address, (uint)sizeof(XdpNative.SocketAddress)) != 0)
        {
            int error = Marshal.GetLastPInvokeError();
            throw new LinuxException(
                $"bind(AF_XDP, interface {options.InterfaceIndex}, queue {options.Queue})", error,
                Explain(error, options));
        }

        GC.KeepAlive(shareWith);
    }

    private static ushort BindFlags(XdpSocketOptions options)
    {
        if (options.ShareWith is not null)
        {
            return XdpNative.BindSharedUmem;
        }

        ushort mode = options.Mode switch
        {
            XdpMode.ZeroCopy => XdpNative.BindZeroCopy,
            XdpMode.Copy => XdpNative.BindCopy,
            _ => 0,
        };
        return (ushort)(mode | (options.UseNeedWakeUp ? XdpNative.BindUseNeedWakeUp : 0));
    }

    private static string? Explain(int error, XdpSocketOptions options) => error switch
    {
        XdpNative.EBusy => "another AF_XDP socket has queue " +
            $"{options.Queue}, of this process (ptnet port ls; an interface may have several ports' names) " +
            "or of another one: choose another queue, or end its owner " +
            "(a socket that was just closed is gone a moment later)",
        XdpNative.EInval =>
            $"the interface has no queue {options.Queue} (ethtool -l shows how many), or its driver refuses the UMEM",
        XdpNative.EOpNotSupp => "the interface's driver cannot do zero-copy: use copy mode",
        XdpNative.ENoDev => "there is no such interface, in this network namespace",
        XdpNative.ENetDown => "the interface is down: set it up first",
        XdpNative.EPerm => "be root (CAP_NET_RAW)",
        _ => null,
    };
}
