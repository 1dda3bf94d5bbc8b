using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary>One queue of a TAP interface of the kernel (<c>/dev/net/tun</c>): frames that the kernel sends on it are read
/// here, frames written here are received there. The interface is gone when its last queue is disposed of, unless it was
/// made persistent. Reads and writes do not wait.</summary>
public sealed class TapDevice : IDisposable
{
    /// <summary>Longest name of an interface.</summary>
    public const int MaxName = 15;

    private const string DevicePath = "/dev/net/tun";
    private const nuint SetInterface = 0x4004_54CA;
    private const nuint SetPersistent = 0x4004_54CB;
    private const nuint SetOffload = 0x4004_54D0;
    private const nuint SetVnetHeaderSize = 0x4004_54D8;
    private const short Tap = 0x0002;
    private const short MultiQueue = 0x0100;
    private const short NoPacketInformation = 0x1000;
    private const short VnetHeader = 0x4000;
    private const int BadDescriptorState = 77;

    private TapDevice(FileDescriptor file, string name, int vnetHeaderLength)
    {
        Descriptor = file;
        Name = name;
        VnetHeaderLength = vnetHeaderLength;
        Interface = new InterfaceControl(name);
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>Bytes of virtio-net header before each frame that is read or written: 0 or <see cref="TapOptions.HeaderLength"/>.</summary>
    public int VnetHeaderLength { get; }

    /// <summary>Readable when the kernel has sent a frame.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The kernel's side: MTU, MAC, up or down.</summary>
    public InterfaceControl Interface { get; }

    /// <summary>Makes the interface, or attaches to a persistent one of that name.</summary>
    /// <param name="name">1 to 15 characters; with <c>%d</c> in it the kernel chooses a number.</param>
    /// <param name="options">What it is to do; null: frames as they are on the wire.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    /// <exception cref="ArgumentException">Offloads without a header that says what is left to be done.</exception>
    public static TapDevice Create(string name, TapOptions? options = null)
    {
        options ??= new TapOptions();
        if (options.Offloads != TapOffloads.None && !options.VnetHeader)
        {
            throw new ArgumentException("a TAP interface has offloads only with a virtio-net header", nameof(options));
        }

        var request = InterfaceRequest.For(name);
        request.Flags = (short)(Tap | NoPacketInformation
            | (options.VnetHeader ? VnetHeader : 0) | (options.MultiQueue ? MultiQueue : 0));
        FileDescriptor file = FileDescriptor.Open(
            DevicePath, nonBlocking: true, "load the tun module (modprobe tun), and be root");
        try
        {
            Configure(file, name, options, ref request);
            ReadOnlySpan<byte> given = request.Name;
            return new TapDevice(
                file, Encoding.ASCII.GetString(given[..given.IndexOf((byte)0)]), options.VnetHeader ? TapOptions.HeaderLength : 0);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Says whether the interface stays when its last queue is disposed of.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe void Persist(bool stays)
    {
        if (Libc.Ioctl(Descriptor.Number, SetPersistent, (void*)(stays ? 1 : 0)) != 0)
        {
            throw LinuxException.Last($"TUNSETPERSIST({Name})");
        }
    }

    /// <summary>Says what the kernel may leave undone in frames that are read from now on.</summary>
    /// <exception cref="LinuxException">The interface is gone, or its kernel cannot.</exception>
    public void SetOffloads(TapOffloads offloads) => Offload(Descriptor, Name, offloads);

    /// <summary>Sets the interface's MAC address; it has to be down.</summary>
    /// <exception cref="LinuxException">The kernel refused: a multicast address, say.</exception>
    public void SetMac(ReadOnlySpan<byte> mac) => Interface.SetMac(mac);

    /// <summary>Brings the interface up; before, the kernel neither sends on it nor takes what is written.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void BringUp() => Interface.BringUp();

    /// <summary>Takes a frame that the kernel has sent, cut at the buffer's end.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    /// <exception cref="LinuxException">The interface is gone.</exception>
    public unsafe int TryRead(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            return Taken(Libc.Read(Descriptor.Number, start, (nuint)buffer.Length));
        }
    }

    /// <summary>Takes a frame that the kernel has sent into <paramref name="pieces"/>, cut at their end.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    /// <exception cref="LinuxException">The interface is gone.</exception>
    public unsafe int TryRead(ScatterList pieces) => Taken(Libc.Readv(Descriptor.Number, pieces.First, pieces.Count));

    /// <summary>Takes a frame that the kernel has sent into <paramref name="pieces"/>, cut at their end. Does not throw.</summary>
    /// <param name="pieces">Where to.</param>
    /// <param name="length">The frame's length.</param>
    public unsafe TapResult Read(ScatterList pieces, out int length)
    {
        nint read = Libc.Readv(Descriptor.Number, pieces.First, pieces.Count);
        length = (int)Math.Max(read, 0);
        return read > 0 ? TapResult.Done : Result();
    }

    /// <summary>Hands the kernel a frame.</summary>
    /// <returns>False when it did not take it: the interface is down, the frame is none, or memory is short.</returns>
    public unsafe bool TryWrite(ReadOnlySpan<byte> frame)
    {
        fixed (byte* start = frame)
        {
            return Libc.Write(Descriptor.Number, start, (nuint)frame.Length) == frame.Length;
        }
    }

    /// <summary>Hands the kernel a frame that lies in <paramref name="pieces"/>. Does not throw.</summary>
    public unsafe TapResult Write(ScatterList pieces) =>
        Libc.Writev(Descriptor.Number, pieces.First, pieces.Count) == pieces.Bytes ? TapResult.Done : Result();

    /// <inheritdoc/>
    public void Dispose()
    {
        Descriptor.Dispose();
        Interface.Dispose();
    }

    private static unsafe void Configure(FileDescriptor file, string name, TapOptions options, ref InterfaceRequest request)
    {
        fixed (InterfaceRequest* argument = &request)
        {
            if (Libc.Ioctl(file.Number, SetInterface, argument) != 0)
            {
                throw LinuxException.Last(
                    $"TUNSETIFF({name})",
                    "making interfaces is for root (CAP_NET_ADMIN), and one that is there has to be a TAP with as many queues");
            }
        }

        int size = TapOptions.HeaderLength;
        if (options.VnetHeader && Libc.Ioctl(file.Number, SetVnetHeaderSize, &size) != 0)
        {
            throw LinuxException.Last($"TUNSETVNETHDRSZ({name}, {size})");
        }

        Offload(file, name, options.Offloads);
    }

    private static unsafe void Offload(FileDescriptor file, string name, TapOffloads offloads)
    {
        if (Libc.Ioctl(file.Number, SetOffload, (void*)(nuint)(uint)offloads) != 0)
        {
            throw LinuxException.Last($"TUNSETOFFLOAD({name}, {offloads})", "this kernel's TAP cannot do one of them");
        }
    }

    private int Taken(nint read) =>
        read >= 0 ? (int)read
        : Marshal.GetLastPInvokeError() is Libc.EAgain or Libc.EIntr ? 0
        : throw LinuxException.Last($"read({Name})");

    private static TapResult Result() => Marshal.GetLastPInvokeError() switch
    {
        Libc.EAgain or Libc.EIntr => TapResult.NotNow,
        BadDescriptorState => TapResult.Gone,
        Libc.EIo => TapResult.Down,
        _ => TapResult.Refused,
    };
}
