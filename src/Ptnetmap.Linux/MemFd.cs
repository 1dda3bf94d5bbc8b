namespace Ptnetmap.Linux;

/// <summary>Anonymous shared memory with a descriptor (<c>memfd_create(2)</c>), sealed so that nobody who holds the
/// descriptor can pull the memory away from under the others.</summary>
public static class MemFd
{
    /// <summary><c>F_SEAL_SHRINK</c>.</summary>
    public const int ShrinkSeal = 0x2;

    /// <summary><c>F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW</c>.</summary>
    public const int SizeSeals = 0x1 | ShrinkSeal | 0x4;

    // The kernel's limit is 249 bytes, and a character has up to four.
    private const int MostOfName = 62;
    private const int SeekEnd = 2;
    private const long HugeTlbFs = 0x958458f6;

    // linux/magic.h: FUSE, NFS, SMB (1, 2 and later), 9P, Ceph, AFS.
    private static readonly long[] Remote =
        [0x65735546, 0x6969, 0x517B, 0xFF534D42, 0xFE534D42, 0x01021997, 0x00C36400, 0x5346414F];

    private const uint Cloexec = 0x1;
    private const uint AllowSealing = 0x2;
    private const uint HugeTlb = 0x4;
    private const uint HugeTwoMiB = 21u << 26;

    /// <summary>Makes a memfd of <paramref name="size"/> bytes, sealed against shrinking, growing and
    /// unsealing.</summary>
    /// <param name="name">Shown in <c>/proc/PID/maps</c>; cut to what the kernel takes.</param>
    /// <param name="size">Bytes; a multiple of 2 MiB with <paramref name="hugeTlb"/>.</param>
    /// <param name="hugeTlb">Back it with 2 MiB pages from the hugetlb pool.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static FileDescriptor CreateSealed(string name, long size, bool hugeTlb = false)
    {
        uint flags = Cloexec | AllowSealing | (hugeTlb ? HugeTlb | HugeTwoMiB : 0);
        int number = Libc.MemfdCreate(name[..Math.Min(name.Length, MostOfName)], flags);
        if (number < 0)
        {
            throw LinuxException.Last($"memfd_create({name})");
        }

        var file = new FileDescriptor(number);
        if (Libc.Ftruncate(number, size) != 0 || Libc.Fcntl(number, Libc.FAddSeals, SizeSeals) != 0)
        {
            var error = LinuxException.Last($"sizing memfd {name} to {size} bytes");
            file.Dispose();
            throw error;
        }

        return file;
    }

    /// <summary>The seals of a memfd, or -1 when the descriptor is no memfd (and so can be truncated by
    /// others).</summary>
    public static int GetSeals(FileDescriptor file)
    {
        int seals = Libc.Fcntl(file.Number, Libc.FGetSeals, 0);
        GC.KeepAlive(file);
        return seals;
    }

    /// <summary>The size of a memfd in bytes.</summary>
    /// <exception cref="LinuxException">The descriptor is no file.</exception>
    public static long GetSize(FileDescriptor file)
    {
        long size = Libc.Lseek(file.Number, 0, SeekEnd);
        GC.KeepAlive(file);
        return size >= 0 ? size : throw LinuxException.Last("lseek(end)");
    }

    /// <summary>Seals somebody else's memfd against shrinking, if its maker left that open.</summary>
    /// <returns>True when it is sealed now.</returns>
    public static bool TrySealShrink(FileDescriptor file)
    {
        bool done = Libc.Fcntl(file.Number, Libc.FAddSeals, ShrinkSeal) == 0;
        GC.KeepAlive(file);
        return done;
    }

    /// <summary>The size of the pages in which a file can be mapped: 4096, or its hugepages'.</summary>
    /// <exception cref="LinuxException">The descriptor is no file.</exception>
    public static long GetPageSize(FileDescriptor file)
    {
        (long type, long block) = GetFileSystem(file);
        return type == HugeTlbFs ? block : Environment.SystemPageSize;
    }

    /// <summary>True when the pages of a file are the kernel's own: a plain file that is on no other machine and in no
    /// other process (FUSE), which could let a page fault wait for as long as it likes. A device is no plain
    /// file.</summary>
    /// <exception cref="LinuxException">The descriptor is no file.</exception>
    public static bool IsKernelsOwn(FileDescriptor file) =>
        FileStatus.Of(file).Kind == FileKind.Regular && Array.IndexOf(Remote, GetFileSystem(file).Type) < 0;

    private static unsafe (long Type, long Block) GetFileSystem(FileDescriptor file)
    {
        // struct statfs: f_type, f_bsize, and more.
        long* result = stackalloc long[32];
        int status = Libc.Fstatfs(file.Number, result);
        GC.KeepAlive(file);
        return status == 0 ? (result[0], result[1]) : throw LinuxException.Last("fstatfs");
    }
}
