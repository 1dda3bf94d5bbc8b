using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <content>Files by their directory's descriptor, and who owns them.</content>
internal static unsafe partial class Libc
{
    internal const int ENoEnt = 2;
    internal const int OpenDirectory = 0x10000;
    internal const int OpenPath = 0x200000;
    internal const int AtNoFollow = 0x100;
    internal const int AtEmptyPath = 0x1000;
    internal const int AtDontSync = 0x4000;

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int OpenAt(int directory, string name, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint GetEffectiveUser();
}
