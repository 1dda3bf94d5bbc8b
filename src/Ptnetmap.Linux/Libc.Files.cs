using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <content>Files.</content>
internal static unsafe partial class Libc
{
    internal const int LockExclusive = 2;
    internal const int LockNonBlocking = 4;

    internal const int OpenRead = 0;
    internal const int OpenWrite = 1;
    internal const int OpenReadWrite = 2;
    internal const int OpenCreate = 0x40;
    internal const int OpenExclusive = 0x80;
    internal const int OpenNoTerminal = 0x100;
    internal const int OpenNonBlocking = 0x800;
    internal const int OpenCloexec = 0x80000;
    internal const int OpenNoFollow = 0x20000;

    internal const int CurrentDirectory = -100;

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int StatusAt(int directory, string path, int flags, uint mask, byte* status);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "flock", SetLastError = true)]
    internal static partial int Flock(int fd, int operation);
}
