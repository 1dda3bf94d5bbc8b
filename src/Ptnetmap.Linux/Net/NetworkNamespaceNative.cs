using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary>The system calls behind <see cref="NetworkNamespace"/>, one to one.</summary>
internal static partial class NetworkNamespaceNative
{
    [LibraryImport("libc", EntryPoint = "unshare", SetLastError = true)]
    internal static partial int Unshare(int flags);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    internal static partial int SetNamespace(int file, int kind);
}
