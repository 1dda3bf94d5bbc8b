using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary><c>struct io_event</c> (linux/aio_abi.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AioCompletion
{
    internal ulong Data;
    internal ulong Request;
    internal long Result;
    internal long Result2;
}
