using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>Which file something is, whatever it is called, and of what kind (<c>statx(2)</c>).</summary>
/// <param name="Device">The file system's device number.</param>
/// <param name="Number">Its number there (inode).</param>
/// <param name="Mode">Its kind and permissions, as in <c>st_mode</c>.</param>
public readonly record struct FileIdentity(ulong Device, ulong Number, int Mode)
{
    private const uint BasicFields = 0x7FF;
    private const int StatusSize = 256;
    private const int KindMask = 0xF000;
    private const int Regular = 0x8000;
    private const int ENoEnt = 2;

    // Offsets within struct statx, which is the same on every architecture.
    private const int ModeAt = 28;
    private const int InodeAt = 32;
    private const int DeviceMajorAt = 136;
    private const int DeviceMinorAt = 140;

    /// <summary>True for a regular file: one whose reads and writes wait for no other process.</summary>
    public bool IsRegular => (Mode & KindMask) == Regular;

    /// <summary>What it is, for messages: "a FIFO".</summary>
    public string Kind => (Mode & KindMask) switch
    {
        0x1000 => "a FIFO",
        0x2000 => "a character device",
        0x4000 => "a directory",
        0x6000 => "a block device",
        Regular => "a regular file",
        0xC000 => "a socket",
        _ => "of an unknown kind",
    };

    /// <summary>True when both are the same file, by whatever names.</summary>
    public bool IsSameFile(FileIdentity other) => Device == other.Device && Number == other.Number;

    /// <summary>The file behind a name, symbolic links followed; null when there is none.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileIdentity? Of(string path) =>
        TryRead(Libc.CurrentDirectory, path, 0, out FileIdentity status) ? status
        : Marshal.GetLastPInvokeError() == ENoEnt ? null
        : throw LinuxException.Last(path);

    /// <summary>The file behind a descriptor's number.</summary>
    /// <exception cref="LinuxException">It is none.</exception>
    public static FileIdentity Of(int descriptor) =>
        TryRead(descriptor, "", Libc.EmptyPath, out FileIdentity status) ? status : throw LinuxException.Last("statx");

    /// <summary>True when this process has the file open by another descriptor than <paramref name="except"/>.</summary>
    public bool IsOpenHere(int except)
    {
        foreach (string link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // One that was closed meanwhile, such as that of this listing, is no file any more.
            if (int.TryParse(Path.GetFileName(link), out int number) && number != except
                && TryRead(number, "", Libc.EmptyPath, out FileIdentity other) && IsSameFile(other))
            {
                return true;
            }
        }

        return false;
    }

    private static unsafe bool TryRead(int directory, string path, int flags, out FileIdentity result)
    {
        byte* status = stackalloc byte[StatusSize];
        bool done = Libc.StatusAt(directory, path, flags, BasicFields, status) == 0;
        ulong device = ((ulong)*(uint*)(status + DeviceMajorAt) << 32) | *(uint*)(status + DeviceMinorAt);
        result = done
            ? new FileIdentity(device, *(ulong*)(status + InodeAt), *(ushort*)(status + ModeAt))
            : default;
        return done;
    }
}
