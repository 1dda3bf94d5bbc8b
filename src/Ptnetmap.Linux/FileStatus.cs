using System.Runtime.InteropServices;
using System.Text;

namespace Ptnetmap.Linux;

/// <summary>Whose a file is, what it is and who may do what with it (<c>statx(2)</c>); a symbolic link is itself.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">Its user.</param>
/// <param name="Group">Its group.</param>
/// <param name="Mode">Who may do what, without the bit that is <paramref name="IsSticky"/>.</param>
/// <param name="IsSticky">In a directory: only a file's owner may remove or rename it.</param>
/// <param name="Links">Names that it has.</param>
/// <param name="Identity">Device and number: two names with the same are one file.</param>
public sealed record FileStatus(
    FileKind Kind, uint Owner, uint Group, UnixFileMode Mode, bool IsSticky, uint Links, (ulong Device, ulong Number) Identity)
{
    private const uint Basic = 0x7FF;
    private const int CurrentDirectory = -100;
    private const int KindMask = 0xF000;
    private const int RightsMask = 0x1FF;
    private const int StickyBit = 0x200;

    /// <summary>Others than the owner may write: the group, or everybody.</summary>
    public bool IsGroupWritable => Mode.HasFlag(UnixFileMode.GroupWrite);

    /// <summary>Everybody may write.</summary>
    public bool IsWorldWritable => Mode.HasFlag(UnixFileMode.OtherWrite);

    /// <summary>Of an open file.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus Of(FileDescriptor file)
    {
        FileStatus? status = Read(file.Number, "", Libc.AtEmptyPath);
        GC.KeepAlive(file);
        return status ?? throw new LinuxException("statx", Libc.ENoEnt);
    }

    /// <summary>Of what has that name in a directory; null when nothing has.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus? TryOf(FileDescriptor directory, string name)
    {
        FileStatus? status = Read(directory.Number, name, Libc.AtNoFollow);
        GC.KeepAlive(directory);
        return status;
    }

    /// <summary>Of what is at a path; null when nothing is.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus? TryOf(string path) => Read(CurrentDirectory, path, Libc.AtNoFollow);

    private static unsafe FileStatus? Read(int directory, string path, int flags)
    {
        byte* result = stackalloc byte[256];
        int length = Encoding.UTF8.GetByteCount(path);
        Span<byte> name = length < 512 ? stackalloc byte[length + 1] : new byte[length + 1];
        name.Clear();
        _ = Encoding.UTF8.GetBytes(path, name);
        fixed (byte* text = name)
        {
            if (Libc.Statx(directory, text, flags, Basic, result) != 0)
            {
                return Marshal.GetLastPInvokeError() is Libc.ENoEnt ? null : throw LinuxException.Last($"statx({path})");
            }
        }

        return Parse(new ReadOnlySpan<byte>(result, 256));
    }

    // struct statx, the same on all machines but for the byte order.
    private static FileStatus Parse(ReadOnlySpan<byte> statx)
    {
        int mode = MemoryMarshal.Read<ushort>(statx[28..]);
        var kind = (FileKind)(mode & KindMask);
        ulong device = ((ulong)MemoryMarshal.Read<uint>(statx[136..]) << 32) | MemoryMarshal.Read<uint>(statx[140..]);
        return new FileStatus(
            Enum.IsDefined(kind) ? kind : FileKind.Other,
            MemoryMarshal.Read<uint>(statx[20..]),
            MemoryMarshal.Read<uint>(statx[24..]),
            (UnixFileMode)(mode & RightsMask),
            (mode & StickyBit) != 0,
            MemoryMarshal.Read<uint>(statx[16..]),
            (device, MemoryMarshal.Read<ulong>(statx[32..])));
    }
}
