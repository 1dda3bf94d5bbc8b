using System.Runtime.InteropServices;

namespace Ptnetmap.Linux;

/// <summary><c>struct iocb</c> (linux/aio_abi.h).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AioRequest
{
    /// <summary><c>IOCB_CMD_POLL</c>: completes when the descriptor has one of the events in
    /// <see cref="Buffer"/>.</summary>
    internal const ushort Poll = 5;

    /// <summary><c>IOCB_FLAG_RESFD</c>: the completion adds one to <see cref="EventFd"/>.</summary>
    internal const uint TellEventFd = 1;

    internal ulong Data;
    internal uint Key;
    internal int ReadWriteFlags;
    internal ushort Operation;
    internal short Priority;
    internal uint Descriptor;
    internal ulong Buffer;
    internal ulong Length;
    internal long Offset;
    internal ulong Reserved;
    internal uint Flags;
    internal uint EventFd;
}
