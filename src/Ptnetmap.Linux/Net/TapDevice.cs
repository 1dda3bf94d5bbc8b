using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux.Net;

/// <summary>A TAP interface of the kernel (<c>/dev/net/tun</c>): frames that the kernel sends on it are read here, frames
/// written here are received there. Gone when it is disposed of. Reads and writes do not wait.</summary>
public sealed class TapDevice : IDisposable
{
    /// <summary>Longest name of an interface.</summary>
    public const int MaxName = 15;

    private const string DevicePath = "/dev/net/tun";
    private const nuint SetInterface = 0x4004_54CA;
    private const nuint GetFlags = 0x8913;
    private const nuint SetFlags = 0x8914;
    private const nuint SetHardwareAddress = 0x8924;
    private const short Tap = 0x0002;
    private const short NoPacketInformation = 0x1000;
    private const short Up = 0x1;
    private const short EthernetFamily = 1;
    private const int InternetFamily = 2;
    private const int DatagramCloexec = 2 | 0x80000;

    private TapDevice(FileDescriptor file, string name)
    {
        Descriptor = file;
        Name = name;
    }

    /// <summary>The interface's name.</summary>
    public string Name { get; }

    /// <summary>Readable when the kernel has sent a frame.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Makes the interface.</summary>
    /// <param name="name">1 to 15 characters; with <c>%d</c> in it the kernel chooses a number.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static unsafe TapDevice Create(string name)
    {
        var request = new InterfaceRequest { Flags = Tap | NoPacketInformation };
        SetName(ref request, name);
        FileDescriptor file = FileDescriptor.Open(
            DevicePath, nonBlocking: true, "load the tun module (modprobe tun), and be root");
        if (Libc.Ioctl(file.Number, SetInterface, &request) != 0)
        {
            var refusal = LinuxException.Last($"TUNSETIFF({name})", "making interfaces is for root (CAP_NET_ADMIN)");
            file.Dispose();
            throw refusal;
        }

        ReadOnlySpan<byte> given = request.Name;
        return new TapDevice(file, Encoding.ASCII.GetString(given[..given.IndexOf((byte)0)]));
    }

    /// <summary>Sets the interface's MAC address; it has to be down.</summary>
    /// <exception cref="LinuxException">The kernel refused: a multicast address, say.</exception>
    public void SetMac(ReadOnlySpan<byte> mac)
    {
        var request = new InterfaceRequest { Flags = EthernetFamily };
        mac.CopyTo(request.Address);
        Control(SetHardwareAddress, ref request, "SIOCSIFHWADDR");
    }

    /// <summary>Brings the interface up; before, the kernel neither sends on it nor takes what is written.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void BringUp()
    {
        var request = default(InterfaceRequest);
        Control(GetFlags, ref request, "SIOCGIFFLAGS");
        request.Flags |= Up;
        Control(SetFlags, ref request, "SIOCSIFFLAGS");
    }

    /// <summary>Takes a frame that the kernel has sent, cut at the buffer's end.</summary>
    /// <returns>Its length; 0 when there is none.</returns>
    /// <exception cref="LinuxException">The interface is gone.</exception>
    public unsafe int TryRead(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint read = Libc.Read(Descriptor.Number, start, (nuint)buffer.Length);
            if (read >= 0)
            {
                return (int)read;
            }
        }

        return Marshal.GetLastPInvokeError() is Libc.EAgain or Libc.EIntr ? 0 : throw LinuxException.Last($"read({Name})");
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

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static void SetName(ref InterfaceRequest request, string name)
    {
        if (name.Length is 0 or > MaxName || !Ascii.IsValid(name) || name.Contains('/', StringComparison.Ordinal))
        {
            throw new LinuxException($"'{name}' is no interface's name: 1 to {MaxName} ASCII characters without a slash");
        }

        _ = Encoding.ASCII.GetBytes(name, request.Name);
    }

    private unsafe void Control(nuint code, ref InterfaceRequest request, string call)
    {
        using var socket = new FileDescriptor(Libc.Socket(InternetFamily, DatagramCloexec, 0));
        SetName(ref request, Name);
        fixed (InterfaceRequest* argument = &request)
        {
            if (Libc.Ioctl(socket.Number, code, argument) != 0)
            {
                throw LinuxException.Last($"{call}({Name})");
            }
        }
    }
}
