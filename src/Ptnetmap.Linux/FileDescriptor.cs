using Microsoft.Win32.SafeHandles;

namespace Ptnetmap.Linux;

/// <summary>An owned file descriptor, closed when it is disposed of.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    private const int ReadWrite = 2;
    private const int NonBlock = 0x800;
    private const int Cloexec = 0x80000;
    private readonly bool _isForeign;

    /// <summary>For the marshaller only.</summary>
    public FileDescriptor() : base(ownsHandle: true)
    {
    }

    /// <summary>Takes <paramref name="descriptor"/> over, or borrows it when <paramref name="owns"/> is
    /// false.</summary>
    public FileDescriptor(int descriptor, bool owns = true) : base(owns) => SetHandle(descriptor);

    private FileDescriptor(int descriptor, bool owns, bool isForeign) : this(descriptor, owns) =>
        _isForeign = isForeign;

    /// <summary>The number, as system calls want it. Valid while this object lives.</summary>
    public int Number => (int)handle;

    /// <summary>Keeps the number from being closed, and so from becoming another file's, until <see cref="LetGo"/>. For
    /// what is used by threads that nobody waits for before it is closed.</summary>
    /// <returns>False when it is closed already.</returns>
    public bool TryHold()
    {
        bool held = false;
        try
        {
            if (!IsClosed)
            {
                DangerousAddRef(ref held);
            }
        }
        catch (ObjectDisposedException)
        {
            // Closed just now.
        }

        return held;
    }

    /// <summary>Ends a successful <see cref="TryHold"/>.</summary>
    public void LetGo() => DangerousRelease();

    /// <summary>Takes over a descriptor that another process passed: what it is, and so how long its close takes, is
    /// that process's choice, and nobody waits for it.</summary>
    internal static FileDescriptor Foreign(int descriptor) => new(descriptor, owns: true, isForeign: true);

    /// <summary>Opens a file or a device for reading and writing.</summary>
    /// <param name="path">Which.</param>
    /// <param name="nonBlocking">Reads and writes do not wait.</param>
    /// <param name="remedy">What the user can do when it fails.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileDescriptor Open(string path, bool nonBlocking = false, string? remedy = null)
    {
        int number = Libc.Open(path, ReadWrite | Cloexec | (nonBlocking ? NonBlock : 0));
        return number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last($"open({path})", remedy);
    }

    /// <summary>Opens a file for reading, and waits for nobody: a FIFO is opened without a writer.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileDescriptor OpenToRead(string path)
    {
        int number = Libc.Open(path, Cloexec | NonBlock);
        return number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last($"open({path})");
    }

    /// <summary>Reads from the start on until <paramref name="bytes"/> is full or the file ends.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe int ReadUpTo(Span<byte> bytes)
    {
        int length = 0;
        while (length < bytes.Length)
        {
            fixed (byte* start = bytes[length..])
            {
                nint read = Libc.Pread(Number, start, (nuint)(bytes.Length - length), length);
                GC.KeepAlive(this);
                if (read < 0)
                {
                    throw LinuxException.Last($"pread({bytes.Length - length} bytes at {length})");
                }

                if (read == 0)
                {
                    break;
                }

                length += (int)read;
            }
        }

        return length;
    }

    /// <summary>Reads exactly <paramref name="bytes"/> at <paramref name="offset"/> (<c>pread</c>).</summary>
    /// <exception cref="LinuxException">There is less, or the kernel refused.</exception>
    public unsafe void ReadAt(Span<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            nint read = Libc.Pread(Number, start, (nuint)bytes.Length, offset);
            GC.KeepAlive(this);
            if (read != bytes.Length)
            {
                throw read < 0
                    ? LinuxException.Last($"pread({bytes.Length} bytes at {offset})")
                    : new LinuxException($"pread({bytes.Length} bytes at {offset}): only {read} there");
            }
        }
    }

    /// <summary>Writes <paramref name="bytes"/> at <paramref name="offset"/> (<c>pwrite</c>).</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public unsafe void WriteAt(ReadOnlySpan<byte> bytes, long offset)
    {
        fixed (byte* start = bytes)
        {
            nint written = Libc.Pwrite(Number, start, (nuint)bytes.Length, offset);
            GC.KeepAlive(this);
            if (written != bytes.Length)
            {
                throw LinuxException.Last($"pwrite({bytes.Length} bytes at {offset})");
            }
        }
    }

    /// <summary>A second descriptor of the same open file (<c>fcntl(F_DUPFD_CLOEXEC)</c>).</summary>
    /// <exception cref="LinuxException">The process has no descriptor left (<c>ulimit -n</c>).</exception>
    public FileDescriptor Duplicate()
    {
        int copy = Libc.Fcntl(Number, Libc.FDupFdCloexec, 0);
        GC.KeepAlive(this);
        return copy >= 0
            ? new FileDescriptor(copy, owns: true, _isForeign)
            : throw LinuxException.Last("fcntl(F_DUPFD_CLOEXEC)");
    }

    /// <summary>Makes this number stand for the open file of <paramref name="other"/> from now on (<c>dup3</c>), in one
    /// step: whoever writes to it meanwhile writes to the one or to the other.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void BecomeCopyOf(FileDescriptor other)
    {
        if (other.Number != Number && Libc.Dup3(other.Number, Number, Libc.OCloexec) < 0)
        {
            throw LinuxException.Last("dup3");
        }

        GC.KeepAlive(other);
        GC.KeepAlive(this);
    }

    /// <summary>Sets or clears <c>O_NONBLOCK</c> of the open file, for all who have it.</summary>
    public bool TrySetNonBlocking(bool on = true)
    {
        int flags = Libc.Fcntl(Number, Libc.FGetFl, 0);
        int wanted = on ? flags | Libc.ONonBlock : flags & ~Libc.ONonBlock;
        bool done = flags >= 0 && Libc.Fcntl(Number, Libc.FSetFl, wanted) == 0;
        GC.KeepAlive(this);
        return done;
    }

    /// <summary>What the kernel calls the open file: <c>anon_inode:[eventfd]</c>, <c>/memfd:name (deleted)</c>; empty
    /// when it does not say.</summary>
    public string Target => new FileInfo($"/proc/self/fd/{Number}").LinkTarget ?? "";

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        if (!_isForeign)
        {
            return Libc.Close((int)handle) == 0;
        }

        ForeignFiles.Close((int)handle);
        return true;
    }
}
