using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <content>The process itself.</content>
internal static unsafe partial class Libc
{
    internal const int FGetFd = 1;

    [LibraryImport("libc", EntryPoint = "getrlimit", SetLastError = true)]
    internal static partial int GetRlimit(int resource, ulong* limits);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity", SetLastError = true)]
    internal static partial int SchedGetAffinity(int thread, nuint size, void* mask);

    [LibraryImport("libc", EntryPoint = "_exit")]
    internal static partial void ExitNow(int code);
}
