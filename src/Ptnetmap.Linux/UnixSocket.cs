using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux;

/// <summary>A unix stream socket that never blocks and carries file descriptors (<c>unix(7)</c>,
/// <c>SCM_RIGHTS</c>).</summary>
public sealed class UnixSocket : IDisposable
{
    /// <summary>Most descriptors that one receive takes; a sender of more is cut off.</summary>
    public const int MaxDescriptors = 64;

    /// <summary>Longest path of a socket, in bytes.</summary>
    public const int MaxPath = 107;

    private const int Unix = 1;
    private const int Stream = 1 | Libc.ONonBlock | Libc.OCloexec;
    private const int Backlog = 16;
    private const int SolSocket = 1;
    private const int ScmRights = 1;
    private const int ControlHeader = 16;
    private const int ControlSize = ControlHeader + (MaxDescriptors * sizeof(int));
    private const int NoSignal = 0x4000;
    private const int CloexecDescriptors = 0x40000000;
    private const int ControlTruncated = 8;

    private UnixSocket(int number) => Descriptor = new FileDescriptor(number);

    /// <summary>The descriptor, for epoll.</summary>
    public FileDescriptor Descriptor { get; }

    /// <summary>Listens at <paramref name="path"/>, which must not be there yet.</summary>
    /// <exception cref="LinuxException">The path is taken, too long, or cannot be made.</exception>
    public static unsafe UnixSocket Listen(string path)
    {
        UnixSocket socket = Make();
        socket.Name(path, Libc.Bind, "bind");
        return Libc.Listen(socket.Descriptor.Number, Backlog) == 0 ? socket : throw socket.Refused($"listen({path})");
    }

    /// <summary>Connects to the socket at <paramref name="path"/>.</summary>
    /// <exception cref="LinuxException">Nobody listens there.</exception>
    public static unsafe UnixSocket Connect(string path)
    {
        UnixSocket socket = Make();
        socket.Name(path, Libc.Connect, "connect");
        return socket;
    }

    /// <summary>Two sockets that are connected to each other.</summary>
    /// <exception cref="LinuxException">No descriptor left.</exception>
    public static unsafe (UnixSocket First, UnixSocket Second) Pair()
    {
        int* pair = stackalloc int[2];
        return Libc.SocketPair(Unix, Stream, 0, pair) == 0
            ? (new UnixSocket(pair[0]), new UnixSocket(pair[1]))
            : throw LinuxException.Last("socketpair");
    }

    /// <summary>The next client of a listening socket; null when none waits, or it has gone again.</summary>
    /// <exception cref="LinuxException">No descriptor left (<c>ulimit -n</c>).</exception>
    public unsafe UnixSocket? TryAccept()
    {
        int number = Libc.Accept4(Descriptor.Number, null, null, Libc.ONonBlock | Libc.OCloexec);
        if (number >= 0)
        {
            return new UnixSocket(number);
        }

        int error = Marshal.GetLastPInvokeError();
        return error is Libc.EAgain or Libc.EIntr or Libc.EConnAborted
            ? null
            : throw new LinuxException("accept4", error, "raise the limit on open files (ulimit -n)");
    }

    /// <summary>Receives what is there. The descriptors that come with it belong to the last message sent of
    /// it.</summary>
    /// <returns>Bytes; 0 when the other side has closed, -1 when nothing is there now.</returns>
    /// <exception cref="LinuxException">The connection is broken, or more than <see cref="MaxDescriptors"/> came at
    /// once, or there was no room for them (<c>ulimit -n</c>).</exception>
    public unsafe int TryReceive(Span<byte> data, ICollection<FileDescriptor> descriptors)
    {
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* start = data)
        {
            var vector = new IoVector { Start = start, Length = (nuint)data.Length };
            var message = new MessageHeader
            {
                Vectors = &vector,
                VectorCount = 1,
                Control = control,
                ControlLength = ControlSize,
            };
            nint count = Libc.RecvMsg(Descriptor.Number, &message, CloexecDescriptors);
            if (count < 0)
            {
                int error = Marshal.GetLastPInvokeError();
                return error switch
                {
                    Libc.EAgain or Libc.EIntr => -1,
                    Libc.EConnReset => 0,
                    _ => throw new LinuxException("recvmsg", error),
                };
            }

            if (TakeDescriptors(new ReadOnlySpan<byte>(control, (int)message.ControlLength), descriptors))
            {
                // Its own end of this connection, say, which would then never be seen to end.
                throw new LinuxException("a client sent a socket, which nothing here has a use for");
            }

            return (message.Flags & ControlTruncated) == 0
                ? (int)count
                : throw new LinuxException(
                    "a client sent more than " +
                    $"{MaxDescriptors} descriptors at once, or more than this process can still open " +
                    "(ulimit -n)");
        }
    }

    /// <summary>Sends as much as there is room for; the descriptors go with the first byte.</summary>
    /// <returns>Bytes; -1 when there is no room now.</returns>
    /// <exception cref="LinuxException">The other side has closed.</exception>
    public unsafe int TrySend(ReadOnlySpan<byte> data, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(descriptors.Length, MaxDescriptors);
        byte* control = stackalloc byte[ControlSize];
        fixed (byte* start = data)
        {
            var vector = new IoVector { Start = start, Length = (nuint)data.Length };
            var message = new MessageHeader { Vectors = &vector, VectorCount = 1 };
            if (descriptors.Length != 0)
            {
                PutDescriptors(control, descriptors);
                message.Control = control;
                message.ControlLength = (nuint)(ControlHeader + (((descriptors.Length * sizeof(int)) + 7) & ~7));
            }

            nint count = Libc.SendMsg(Descriptor.Number, &message, NoSignal);
            if (count >= 0)
            {
                return (int)count;
            }

            int error = Marshal.GetLastPInvokeError();
            return error is Libc.EAgain or Libc.EIntr ? -1 : throw new LinuxException("sendmsg", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Descriptor.Dispose();

    private static UnixSocket Make()
    {
        int number = Libc.Socket(Unix, Stream, 0);
        return number >= 0 ? new UnixSocket(number) : throw LinuxException.Last("socket(AF_UNIX)");
    }

    // struct cmsghdr: size_t length, int level, int type, then the numbers.
    private static unsafe void PutDescriptors(byte* control, ReadOnlySpan<FileDescriptor> descriptors)
    {
        new Span<byte>(control, ControlSize).Clear();
        *(nuint*)control = (nuint)(ControlHeader + (descriptors.Length * sizeof(int)));
        ((int*)control)[2] = SolSocket;
        ((int*)control)[3] = ScmRights;
        for (int i = 0; i < descriptors.Length; i++)
        {
            ((int*)(control + ControlHeader))[i] = descriptors[i].Number;
        }
    }

    // True when a socket is among them.
    private static bool TakeDescriptors(ReadOnlySpan<byte> control, ICollection<FileDescriptor> descriptors)
    {
        bool anySocket = false;
        while (control.Length >= ControlHeader)
        {
            int length = (int)Math.Min(MemoryMarshal.Read<ulong>(control), (ulong)control.Length);
            bool rights = MemoryMarshal.Read<int>(control[8..]) == SolSocket
                && MemoryMarshal.Read<int>(control[12..]) == ScmRights;
            for (int at = ControlHeader; rights && at + sizeof(int) <= length; at += sizeof(int))
            {
                var descriptor = FileDescriptor.Foreign(MemoryMarshal.Read<int>(control[at..]));
                descriptors.Add(descriptor);
                anySocket |= FileStatus.IsSocket(descriptor);
            }

            control = control[Math.Min(control.Length, Math.Max(ControlHeader, (length + 7) & ~7))..];
        }

        return anySocket;
    }

    private unsafe void Name(string path, SocketCall call, string name)
    {
        byte* address = stackalloc byte[2 + MaxPath + 1];
        var bytes = new Span<byte>(address, 2 + MaxPath + 1);
        bytes.Clear();
        bytes[0] = Unix;
        int length = Encoding.UTF8.GetByteCount(path);
        if (length > MaxPath)
        {
            Dispose();
            throw new LinuxException($"{name}({path}): a socket's path has at most {MaxPath} bytes, this one {length}");
        }

        _ = Encoding.UTF8.GetBytes(path, bytes[2..]);
        if (call(Descriptor.Number, address, (uint)bytes.Length) != 0)
        {
            throw Refused($"{name}({path})");
        }
    }

    private LinuxException Refused(string call)
    {
        var error = LinuxException.Last(call);
        Dispose();
        return error;
    }

    private unsafe delegate int SocketCall(int socket, byte* address, uint length);
}
