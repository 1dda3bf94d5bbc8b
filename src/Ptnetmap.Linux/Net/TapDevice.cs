using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary>One queue of a TAP interface of the kernel (<c>/dev/net/tun</c>): frames that the kernel sends on it are
/// read here, frames written here are received there. The interface is gone when its last queue is disposed of, unless
/// it was made persistent. Reads and writes do not wait.</summary>
public sealed class TapDevice : IDisposable
{
    private const string DevicePath = "/dev/net/tun";
    private const nuint SetInterface = 0x4004_54CA;
    private const nuint SetPersistent = 0x4004_54CB;
    private const nuint SetOffload = 0x4004_54D0;
    private const nuint SetVnetHeaderSize = 0x4004_54D8;
    private const nuint GetInterface = 0x8004_54D2;
    private const nuint GetVnetHeaderSize = 0x8004_54D7;
    private const nuint GetNamespace = 0x54E3;
    private const short Tap = 0x0002;
    private const short MultiQueue = 0x0100;
    private const short NoPacketInformation = 0x1000;
    private const short VnetHeader = 0x4000;
    private const int BadDescriptorState = 77;

    // The last is where the interface is; others may still be in use by somebody who looks.
    private volatile InterfaceControl[] _interfaces;

    private TapDevice(FileDescriptor file, string name, int vnetHeaderLength, int headerLengthBefore)
    {
        Descriptor = file;
        Name = name;
        VnetHeaderLength = vnetHeaderLength;
        HeaderLengthBefore = headerLengthBefore;
        _interfaces = [Find(name)];
    }

    /// <summary>The interface's name, when it was made or attached to; see <see cref="TryReadName"/>.</summary>
    public string Name { get; }

    /// <summary>Bytes of its virtio-net header before this device set them: the interface keeps them for whoever comes
    /// next.</summary>
    public int HeaderLengthBefore { get; }

    /// <summary>Bytes of virtio-net header before each frame that is read or written: 0 or
    /// <see cref="Abi.VnetHeader.Length"/>.</summary>
    public int VnetHeaderLength { get; }

    /// <summary>Readable when the kernel has sent a frame.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>The kernel's side: MTU, MAC, up or down.</summary>
    public InterfaceControl Interface => _interfaces[^1];

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
        FileDescriptor file = OpenFile();
        try
        {
            int before = Configure(file, name, options, ref request);
            return new TapDevice(file, request.ReadName(), options.VnetHeader ? Abi.VnetHeader.Length : 0, before);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Sets a persistent interface that nobody uses to what it was before somebody attached to it.</summary>
    /// <param name="name">The interface.</param>
    /// <param name="state">Its flags.</param>
    /// <param name="headerLength">Bytes of virtio-net header.</param>
    /// <param name="offloads">What its kernel leaves to its reader.</param>
    /// <exception cref="LinuxException">Somebody uses it, or it is none.</exception>
    public static void Restore(string name, TapState state, int headerLength, TapOffloads offloads)
    {
        var request = InterfaceRequest.For(name);
        request.Flags = (short)(Tap | (state.HasPacketInformation ? 0 : NoPacketInformation)
            | (state.HasVnetHeader ? VnetHeader : 0) | (state.IsMultiQueue ? MultiQueue : 0));
        using FileDescriptor file = OpenFile();
        SetUp(file, name, ref request);
        SetHeader(file, name, headerLength);
        Offload(file, name, offloads);
    }

    /// <summary>What the interface is called now.</summary>
    /// <returns>Null when it is gone.</returns>
    public unsafe string? TryReadName()
    {
        InterfaceRequest request = default;
        return Libc.Ioctl(Descriptor.Number, GetInterface, &request) == 0 ? request.ReadName() : null;
    }

    /// <summary>The network namespace that it is in now (Linux 5.2).</summary>
    /// <returns>Null when it is gone, or the kernel does not tell.</returns>
    public unsafe NetworkNamespace? TryOpenNamespace()
    {
        int number = Libc.Ioctl(Descriptor.Number, GetNamespace, null);
        return number < 0 ? null : NetworkNamespace.Of(new FileDescriptor(number));
    }

    /// <summary>The interface went to the calling thread's network namespace.</summary>
    /// <exception cref="LinuxException">It did not, or is gone.</exception>
    public void Move() =>
        _interfaces = [.. _interfaces, Find(TryReadName() ?? throw new LinuxException($"interface {Name} is gone"))];

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
    public void SetMac(MacAddress mac) => Interface.SetMac(mac);

    /// <summary>Brings the interface up; before, the kernel neither sends on it nor takes what is written.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void BringUp() => Interface.BringUp();

    /// <summary>Takes a frame that the kernel has sent into <paramref name="pieces"/>, cut at their end.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    /// <exception cref="LinuxException">The interface is gone.</exception>
    public unsafe int TryRead(ScatterList pieces) => Taken(Libc.Readv(Descriptor.Number, pieces.First, pieces.Count));

    /// <summary>Takes a frame that the kernel has sent into <paramref name="pieces"/>, cut at their end. Does not
    /// throw.</summary>
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
        Array.ForEach(_interfaces, one => one.Dispose());
    }

    private static InterfaceControl Find(string name)
    {
        using var byName = new InterfaceControl(name);
        return new InterfaceControl(name, byName.Index);
    }

    private static FileDescriptor OpenFile() =>
        FileDescriptor.Open(DevicePath, nonBlocking: true, "load the tun module (modprobe tun), and be root");

    private static unsafe int Configure(FileDescriptor file, string name, TapOptions options,
        ref InterfaceRequest request)
    {
        SetUp(file, name, ref request);
        int before = 0;
        _ = Libc.Ioctl(file.Number, GetVnetHeaderSize, &before);
        if (options.VnetHeader)
        {
            SetHeader(file, name, Abi.VnetHeader.Length);
        }

        Offload(file, name, options.Offloads);
        return before;
    }

    private static unsafe void SetUp(FileDescriptor file, string name, ref InterfaceRequest request)
    {
        fixed (InterfaceRequest* argument = &request)
        {
            if (Libc.Ioctl(file.Number, SetInterface, argument) != 0)
            {
                int error = Marshal.GetLastPInvokeError();
                throw new LinuxException(
                    $"TUNSETIFF({name})", error, TapRefusal.Explain(name, error, (request.Flags & MultiQueue) != 0));
            }
        }
    }

    private static unsafe void SetHeader(FileDescriptor file, string name, int size)
    {
        if (Libc.Ioctl(file.Number, SetVnetHeaderSize, &size) != 0)
        {
            throw LinuxException.Last($"TUNSETVNETHDRSZ({name}, {size})");
        }
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
