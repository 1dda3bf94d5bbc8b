using System.ComponentModel;
using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>A system call that failed: which one, on what, and the kernel's error number.</summary>
public sealed class LinuxException : IOException
{
    private const int TooManyFiles = 24; // EMFILE

    /// <summary>Makes an exception for <paramref name="call"/> that failed with <paramref name="errno"/>.</summary>
    public LinuxException(string call, int errno, string? remedy = null)
        : base(Describe(call, errno, remedy))
    {
        Call = call;
        Errno = errno;
    }

    /// <summary>Makes an exception with a free text.</summary>
    public LinuxException(string message, Exception? cause = null) : base(message, cause) => Call = "";

    /// <summary>The call, with its main argument: <c>mmap(region, 16 MiB)</c>.</summary>
    public string Call { get; }

    /// <summary>The error number (<c>errno.h</c>), 0 when there was none.</summary>
    public int Errno { get; }

    /// <summary>Throws for the calling thread's last error.</summary>
    public static LinuxException Last(string call, string? remedy = null) =>
        new(call, Marshal.GetLastPInvokeError(), remedy);

    private static string Describe(string call, int errno, string? remedy)
    {
        string reason = new Win32Exception(errno).Message;
        remedy ??= errno == TooManyFiles ? ResourceLimits.DescribeDescriptors() : null;
        return remedy is null ? $"{call}: {reason} (errno {errno})" : $"{call}: {reason} (errno {errno}); {remedy}";
    }
}
