using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Bpf;

/// <summary>A program that is attached to an interface as long as this object lives: the kernel detaches it when the
/// process ends, however it ends, and keeps others from replacing it until then (<c>BPF_LINK_CREATE</c>, Linux
/// 5.9).</summary>
public sealed class BpfLink : IDisposable
{
    private BpfLink(FileDescriptor file) => Descriptor = file;

    /// <summary>The link.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Attaches an XDP program.</summary>
    /// <param name="program">What <see cref="BpfProgram.LoadXdp"/> made.</param>
    /// <param name="interfaceIndex">The interface's number, in the calling thread's network namespace.</param>
    /// <param name="mode">Where it is to run.</param>
    /// <exception cref="LinuxException">A program is attached already (its <see cref="LinuxException.Errno"/> is EBUSY
    /// or EEXIST), or the driver refused.</exception>
    public static BpfLink AttachXdp(BpfProgram program, int interfaceIndex, XdpAttachMode mode)
    {
        var attribute = new BpfNative.LinkCreate
        {
            Program = (uint)program.Descriptor.Number,
            InterfaceIndex = (uint)interfaceIndex,
            AttachType = BpfNative.XdpAttachType,
            Flags = (uint)mode,
        };
        int number = BpfNative.Call(BpfNative.LinkCreateCommand, ref attribute);
        GC.KeepAlive(program);
        if (number >= 0)
        {
            return new BpfLink(new FileDescriptor(number));
        }

        int error = Marshal.GetLastPInvokeError();
        throw new LinuxException($"bpf(BPF_LINK_CREATE, XDP on interface {interfaceIndex}, {mode})", error,
            Explain(error));
    }

    /// <summary>Attaches a program to a tcx hook, beside those that are there (Linux 6.6).</summary>
    /// <param name="program">What <see cref="BpfProgram.LoadClassifier"/> made.</param>
    /// <param name="interfaceIndex">The interface's number, in the calling thread's network namespace.</param>
    /// <param name="direction">Which hook.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static BpfLink AttachTcx(BpfProgram program, int interfaceIndex, TcxDirection direction)
    {
        var attribute = new BpfNative.LinkCreate
        {
            Program = (uint)program.Descriptor.Number,
            InterfaceIndex = (uint)interfaceIndex,
            AttachType = (uint)direction,
        };
        int number = BpfNative.Call(BpfNative.LinkCreateCommand, ref attribute);
        GC.KeepAlive(program);
        return number >= 0
            ? new BpfLink(new FileDescriptor(number))
            : throw LinuxException.Last(
                $"bpf(BPF_LINK_CREATE, tcx {direction} on interface {interfaceIndex})",
                "the tcx hooks came with Linux 6.6; on older kernels there are no host rings");
    }

    /// <summary>What the link holds: the number of its program, and that of its interface, in the namespace that it is
    /// in now; 0 when the interface is gone.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe (uint Program, int InterfaceIndex) Read()
    {
        BpfNative.LinkInfo info = default;
        var attribute = new BpfNative.ObjectInfo
        {
            Descriptor = (uint)Descriptor.Number,
            Length = (uint)sizeof(BpfNative.LinkInfo),
            Info = &info,
        };
        int status = BpfNative.Call(BpfNative.ObjectInfoCommand, ref attribute);
        GC.KeepAlive(this);
        return status == 0
            ? (info.Program, (int)info.InterfaceIndex)
            : throw LinuxException.Last("bpf(BPF_OBJ_GET_INFO_BY_FD, link)");
    }

    /// <summary>Detaches the program, now: closing alone would wait for a child of this process that is between its
    /// fork and its exec, and has a copy of the descriptor until then (<c>BPF_LINK_DETACH</c>, Linux 5.9).</summary>
    public void Dispose()
    {
        if (Descriptor.TryHold())
        {
            uint attribute = (uint)Descriptor.Number;
            _ = BpfNative.Call(BpfNative.LinkDetachCommand, ref attribute);
            Descriptor.LetGo();
        }

        Descriptor.Dispose();
    }

    private static string? Explain(int error) => error switch
    {
        BpfNative.EBusy or BpfNative.EExist =>
            "an XDP program is attached to the interface already: detach it first (ip link set dev NAME xdp off)",
        BpfNative.EOpNotSupp => "the interface's driver has no XDP: use generic mode",
        BpfNative.EInval or BpfNative.ERange or BpfNative.ENoDev =>
            "there is no such interface in this network namespace, or its driver refuses XDP as it is set now: " +
            "a smaller MTU, fewer queues, or no receive offloads (LRO) may help",
        BpfNative.EPerm => "be root (CAP_NET_ADMIN)",
        _ => null,
    };
}
