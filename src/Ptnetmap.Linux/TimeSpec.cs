using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary><c>struct timespec</c>: seconds and nanoseconds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct TimeSpec
{
    internal long Seconds;
    internal long Nanoseconds;

    internal static TimeSpec FromNanoseconds(long nanoseconds) =>
        new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };

    internal readonly long ToNanoseconds() => (Seconds * 1_000_000_000) + Nanoseconds;
}
