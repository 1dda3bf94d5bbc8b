using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary><c>struct itimerspec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct IntervalTimer
{
    internal TimeSpec Interval;
    internal TimeSpec Value;
}
