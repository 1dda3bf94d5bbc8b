using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Ptnetmap.Linux;

/// <summary>A lock on an open file (<c>flock(2)</c>). The kernel gives it back when the file is closed, also when the
/// process dies, so whoever gets it knows that the holder before is gone.</summary>
public static class FileLock
{
    /// <summary>Takes the lock; false when somebody else has it.</summary>
    /// <exception cref="LinuxException">The file system has no locks.</exception>
    public static bool TryTake(SafeFileHandle file)
    {
        if (Libc.Flock((int)file.DangerousGetHandle(), Libc.LockExclusive | Libc.LockNonBlocking) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == Libc.EAgain
            ? false
            : throw LinuxException.Last("flock", "put it on a local file system");
    }
}
