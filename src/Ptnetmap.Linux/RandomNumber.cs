using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>The kernel's random numbers (<c>getrandom(2)</c>), which need no library: the framework's own come from
/// OpenSSL, and a process on a system without it is ended at the first of them.</summary>
public static class RandomNumber
{
    /// <summary>64 bits that nobody can foresee.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static unsafe ulong Draw()
    {
        ulong number;
        nint got;
        do
        {
            got = Libc.GetRandom(&number, sizeof(ulong), 0);
        }
        while (got < 0 && Marshal.GetLastPInvokeError() == Libc.EIntr);
        return got == sizeof(ulong) ? number : throw LinuxException.Last("getrandom");
    }
}
