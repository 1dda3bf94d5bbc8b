namespace Ptnetmap.HostPorts;

/// <summary>Error numbers that mean something to the choice of a mode (<c>errno.h</c>).</summary>
internal static class Errors
{
    internal const int NotPermitted = 1;
    internal const int Busy = 16;
    internal const int Exists = 17;
    internal const int NoDevice = 19;
}
