using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <content>Terminals and signals.</content>
internal static unsafe partial class Libc
{
    internal const int SetNow = 0;

    [LibraryImport("libc", EntryPoint = "tcgetattr", SetLastError = true)]
    internal static partial int GetTerminal(int fd, void* settings);

    [LibraryImport("libc", EntryPoint = "tcsetattr", SetLastError = true)]
    internal static partial int SetTerminal(int fd, int when, void* settings);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    internal static partial int Kill(int process, int signal);
}
