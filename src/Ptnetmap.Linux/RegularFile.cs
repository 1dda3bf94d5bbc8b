using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ptnetmap.Linux;

/// <summary>A regular file that a user named. What else bears the name is refused without being opened, for opening a
/// FIFO waits for its other end and opening a device may set it going. Never emptied by being opened.</summary>
public sealed class RegularFile : IDisposable
{
    private const uint UsualMode = 0x1B6; // 0666, less the umask
    private const int FileSizeSignal = 25;
    private const int Ignore = 1;
    private const int ENxIo = 6;
    private const int EExist = 17;

    private readonly SafeFileHandle _handle;

    private RegularFile(string path, SafeFileHandle handle, FileIdentity identity) =>
        (Path, _handle, Identity) = (path, handle, identity);

    /// <summary>The name by which it was opened.</summary>
    public string Path { get; }

    /// <summary>Which file it is, as of its opening.</summary>
    public FileIdentity Identity { get; }

    /// <summary>True when it was not there, and opening it has made it.</summary>
    public bool IsNew { get; private init; }

    /// <summary>The descriptor's number. Valid while this object lives.</summary>
    public int Number => (int)_handle.DangerousGetHandle();

    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="LinuxException">It is not there, not regular, or the kernel refused; the message names
    /// it.</exception>
    public static RegularFile OpenToRead(string path) => Open(path, Libc.OpenRead);

    /// <summary>Opens a file for writing, and makes it when it is not there. A limit on the size of files
    /// (<c>ulimit -f</c>) is from now on an error and no longer the end of the process.</summary>
    /// <exception cref="LinuxException">It is not regular, or the kernel refused; the message names it.</exception>
    public static unsafe RegularFile OpenToWrite(string path)
    {
        var ignore = new SignalAction { Handler = Ignore };
        _ = Libc.SigAction(FileSizeSignal, &ignore, null);
        try
        {
            return FileStatus.TryFollow(path) is null
                ? Open(path, Libc.OpenWrite | Libc.OpenCreate | Libc.OpenExclusive)
                : Open(path, Libc.OpenWrite | Libc.OpenCreate);
        }
        catch (LinuxException refused) when (refused.Errno == EExist)
        {
            // A link that leads to nothing, or somebody has made the file just now.
            return Open(path, Libc.OpenWrite | Libc.OpenCreate);
        }
    }

    /// <summary>Removes the file if opening it has made it, and nothing is in it. To be called by whoever never wrote
    /// to it; a file that cannot be removed stays.</summary>
    public void RemoveUnused()
    {
        try
        {
            if (IsNew && RandomAccess.GetLength(_handle) == 0 && FileStatus.TryOf(Path)?.Identity == Identity)
            {
                File.Delete(Path);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // An empty file is left.
        }
    }

    /// <summary>The file as a stream from its beginning, which closes it.</summary>
    public FileStream ToStream(int bufferSize) => new(_handle, FileAccess.Read, bufferSize);

    /// <summary>Writes as much of <paramref name="bytes"/> at <paramref name="offset"/> as the kernel takes.</summary>
    /// <param name="bytes">What to write.</param>
    /// <param name="offset">Where.</param>
    /// <param name="failure">Why the rest was not taken; null: all was.</param>
    /// <returns>Bytes that are in the file.</returns>
    public unsafe int Write(ReadOnlySpan<byte> bytes, long offset, out LinuxException? failure)
    {
        int done = 0;
        failure = null;
        fixed (byte* start = bytes)
        {
            while (done < bytes.Length)
            {
                nint written = Libc.Pwrite(Number, start + done, (nuint)(bytes.Length - done), offset + done);
                int error = Marshal.GetLastPInvokeError();
                if (written <= 0 && error != Libc.EIntr)
                {
                    failure = new LinuxException(Path, error);
                    break;
                }

                done += (int)Math.Max(written, 0);
            }
        }

        GC.KeepAlive(this);
        return done;
    }

    /// <summary>Cuts the file off after <paramref name="length"/> bytes.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public void Truncate(long length)
    {
        int status = Libc.Ftruncate(Number, length);
        GC.KeepAlive(this);
        if (status != 0)
        {
            throw LinuxException.Last(Path);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private static RegularFile Open(string path, int how)
    {
        RefuseOthers(path, FileStatus.TryFollow(path));
        int number = Libc.Open(
            path, how | Libc.OpenNonBlocking | Libc.OpenNoTerminal | Libc.OpenCloexec, UsualMode);
        if (number < 0)
        {
            throw Marshal.GetLastPInvokeError() == ENxIo
                ? Refusal(path, "a FIFO, a socket or a device")
                : LinuxException.Last(path);
        }

        // By the descriptor again: the name may have become another file's just now.
        var handle = new SafeFileHandle(number, ownsHandle: true);
        try
        {
            FileStatus status = FileStatus.TryOf(number) ?? throw LinuxException.Last(path);
            RefuseOthers(path, status);
            return new RegularFile(path, handle, status.Identity) { IsNew = (how & Libc.OpenExclusive) != 0 };
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    private static void RefuseOthers(string path, FileStatus? status)
    {
        if (status is not null and not { Kind: FileKind.Regular })
        {
            throw Refusal(path, status.KindText);
        }
    }

    private static LinuxException Refusal(string path, string kind) =>
        new($"{path} is {kind}; only regular files will do");
}
