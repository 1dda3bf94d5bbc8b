using Microsoft.Win32.SafeHandles;

namespace Ptnetmap.Linux;

/// <summary>An owned file descriptor, closed when it is disposed of.</summary>
public sealed class FileDescriptor : SafeHandleMinusOneIsInvalid
{
    /// <summary>For the marshaller only.</summary>
    public FileDescriptor() : base(ownsHandle: true)
    {
    }

    /// <summary>Takes <paramref name="descriptor"/> over, or borrows it when <paramref name="owns"/> is false.</summary>
    public FileDescriptor(int descriptor, bool owns = true) : base(owns) => SetHandle(descriptor);

    /// <summary>The number, as system calls want it. Valid while this object lives.</summary>
    public int Number => (int)handle;

    /// <summary>A second descriptor of the same open file (<c>fcntl(F_DUPFD_CLOEXEC)</c>).</summary>
    /// <exception cref="LinuxException">The process has no descriptor left (<c>ulimit -n</c>).</exception>
    public FileDescriptor Duplicate()
    {
        int copy = Libc.Fcntl(Number, Libc.FDupFdCloexec, 0);
        GC.KeepAlive(this);
        return copy >= 0 ? new FileDescriptor(copy) : throw LinuxException.Last("fcntl(F_DUPFD_CLOEXEC)");
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close((int)handle) == 0;
}
