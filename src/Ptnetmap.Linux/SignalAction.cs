using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary>The C library's <c>struct sigaction</c>.</summary>
[StructLayout(LayoutKind.Explicit, Size = 152)]
internal struct SignalAction
{
    [FieldOffset(0)]
    internal nint Handler;

    // A mask of 128 bytes.
    [FieldOffset(136)]
    internal int Flags;
}
