using Microsoft.Win32.SafeHandles;

namespace Ptnetmap.Linux;

/// <summary>Goes through directories by descriptor, a name at a time and never along a symbolic link, so that what was
/// looked at is what is used, whoever renames things meanwhile (<c>openat(2)</c>).</summary>
public static class DirectoryAccess
{
    private const uint OwnerOnlyFile = 0x180; // 0600

    /// <summary>The directory that has no other above it.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileDescriptor OpenRoot()
    {
        int number = Libc.Open("/", Libc.OpenPath | Libc.OpenDirectory | Libc.OpenCloexec);
        return number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last("open(/)");
    }

    /// <summary>A directory in another one.</summary>
    /// <param name="directory">That one.</param>
    /// <param name="name">Its name, or <c>..</c>.</param>
    /// <param name="toRead">Its entries are to be listed, and not only files in it opened.</param>
    /// <exception cref="LinuxException">There is none, it is something else, or a link.</exception>
    public static FileDescriptor Enter(FileDescriptor directory, string name, bool toRead = false)
    {
        int way = toRead ? 0 : Libc.OpenPath;
        int number =
            Libc.OpenAt(directory.Number, name, way | Libc.OpenDirectory | Libc.OpenNoFollow | Libc.OpenCloexec, 0);
        GC.KeepAlive(directory);
        return number >= 0 ? new FileDescriptor(number) : throw LinuxException.Last($"open({name})");
    }

    /// <summary>A plain file in a directory, for reading and writing; it is made, for its user alone, when it is not
    /// there. A FIFO is not waited for.</summary>
    /// <exception cref="LinuxException">It cannot be opened, or is a link.</exception>
    public static SafeFileHandle OpenFile(FileDescriptor directory, string name)
    {
        const int Flags = Libc.OpenReadWrite | Libc.OpenCreate | Libc.OpenCloexec | Libc.OpenNoFollow | Libc.ONonBlock;
        int number = Libc.OpenAt(directory.Number, name, Flags, OwnerOnlyFile);
        GC.KeepAlive(directory);
        return number >= 0 ? new SafeFileHandle(number, ownsHandle: true) : throw LinuxException.Last($"open({name})");
    }

    /// <summary>A path that leads to an open directory whatever it is called by now, for .NET's own calls.</summary>
    public static string PathOf(FileDescriptor directory) => $"/proc/self/fd/{directory.Number}";

    /// <summary>The user that this process acts as.</summary>
    public static uint User => Libc.GetEffectiveUser();
}
