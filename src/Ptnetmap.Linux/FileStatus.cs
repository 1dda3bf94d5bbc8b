using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>Whose a file is, what it is and who may do what with it (<c>statx(2)</c>).</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Owner">Its user.</param>
/// <param name="Group">Its group.</param>
/// <param name="Mode">Who may do what, without the bit that is <paramref name="IsSticky"/>.</param>
/// <param name="IsSticky">In a directory: only a file's owner may remove or rename it.</param>
/// <param name="Links">Names that it has.</param>
/// <param name="Identity">Two names with the same are one file.</param>
public sealed record FileStatus(
    FileKind Kind, uint Owner, uint Group, UnixFileMode Mode, bool IsSticky, uint Links, FileIdentity Identity)
{
    private const uint Basic = 0x7FF;
    private const int KindMask = 0xF000;
    private const int RightsMask = 0x1FF;
    private const int StickyBit = 0x200;

    /// <summary>Others than the owner may write: the group, or everybody.</summary>
    public bool IsGroupWritable => Mode.HasFlag(UnixFileMode.GroupWrite);

    /// <summary>Everybody may write.</summary>
    public bool IsWorldWritable => Mode.HasFlag(UnixFileMode.OtherWrite);

    /// <summary>What it is, for messages: "a FIFO".</summary>
    public string KindText => Kind switch
    {
        FileKind.Fifo => "a FIFO",
        FileKind.CharacterDevice => "a character device",
        FileKind.Directory => "a directory",
        FileKind.BlockDevice => "a block device",
        FileKind.Regular => "a regular file",
        FileKind.Link => "a symbolic link",
        FileKind.Socket => "a socket",
        _ => "of an unknown kind",
    };

    /// <summary>Of an open file.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus Of(FileDescriptor file)
    {
        FileStatus? status = TryOf(file.Number);
        GC.KeepAlive(file);
        return status ?? throw LinuxException.Last("statx");
    }

    /// <summary>Of what has that name in a directory, a symbolic link itself; null when nothing has.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus? TryOf(FileDescriptor directory, string name)
    {
        FileStatus? status = ReadName(directory.Number, name, Libc.AtNoFollow);
        GC.KeepAlive(directory);
        return status;
    }

    /// <summary>Of what is at a path, a symbolic link itself; null when nothing is.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus? TryOf(string path) => ReadName(Libc.CurrentDirectory, path, Libc.AtNoFollow);

    /// <summary>Of what is at a path, behind symbolic links; null when nothing is.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileStatus? TryFollow(string path) => ReadName(Libc.CurrentDirectory, path, 0);

    /// <summary>True for a file that another process passed, if it is a regular one. No file system is asked: what the
    /// kernel knows of it will do.</summary>
    public static bool IsRegular(FileDescriptor file) => KindOf(file) == FileKind.Regular;

    /// <summary>The same, if it is a socket.</summary>
    public static bool IsSocket(FileDescriptor file) => KindOf(file) == FileKind.Socket;

    /// <summary>Of an open file, by its descriptor's number; null when it is none.</summary>
    internal static FileStatus? TryOf(int descriptor) => Read(descriptor, "", Libc.AtEmptyPath);

    private static FileKind KindOf(FileDescriptor file)
    {
        FileStatus? status = Read(file.Number, "", Libc.AtEmptyPath | Libc.AtDontSync);
        GC.KeepAlive(file);
        return status?.Kind ?? FileKind.Other;
    }

    private static FileStatus? ReadName(int directory, string path, int flags)
    {
        FileStatus? status = Read(directory, path, flags);
        return status is not null || Marshal.GetLastPInvokeError() == Libc.ENoEnt
            ? status
            : throw LinuxException.Last(path);
    }

    private static unsafe FileStatus? Read(int directory, string path, int flags)
    {
        byte* result = stackalloc byte[256];
        return Libc.StatusAt(directory, path, flags, Basic, result) == 0
            ? Parse(new ReadOnlySpan<byte>(result, 256))
            : null;
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
            new FileIdentity(device, MemoryMarshal.Read<ulong>(statx[32..])));
    }
}
