using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>Numbers and structures of <c>linux/if_xdp.h</c>, and the calls on a socket, one to one. Safe under the same
/// condition as <see cref="Libc"/>.</summary>
internal static unsafe partial class XdpNative
{
    internal const int AddressFamily = 44;
    internal const int SockRaw = 3;
    internal const int SockCloexec = 0x80000;
    internal const int DontWait = 0x40;

    internal const int SolXdp = 283;
    internal const int SolSocket = 1;
    internal const int SoBusyPoll = 46;
    internal const int SoPreferBusyPoll = 69;
    internal const int SoBusyPollBudget = 70;

    internal const int MmapOffsetsOption = 1;
    internal const int ReceiveRing = 2;
    internal const int TransmitRing = 3;
    internal const int UmemRegister = 4;
    internal const int FillRing = 5;
    internal const int CompletionRing = 6;
    internal const int StatisticsOption = 7;
    internal const int OptionsOption = 8;
    internal const int MaxTransmitBudget = 9;

    internal const ushort BindSharedUmem = 1;
    internal const ushort BindCopy = 2;
    internal const ushort BindZeroCopy = 4;
    internal const ushort BindUseNeedWakeUp = 8;
    internal const uint UmemUnalignedChunks = 1;
    internal const uint OptionsZeroCopy = 1;

    internal const long ReceiveRingPage = 0;
    internal const long TransmitRingPage = 0x8000_0000;
    internal const long FillRingPage = 0x1_0000_0000;
    internal const long CompletionRingPage = 0x1_8000_0000;

    // The kernel's own limit is that of its memory; this keeps sizes in bytes within 32 bits.
    internal const uint MaxRingSize = 1 << 20;

    internal const int ENxio = 6;
    internal const int EBusy = 16;
    internal const int ENoDev = 19;
    internal const int EInval = 22;
    internal const int EOpNotSupp = 95;
    internal const int ENetDown = 100;
    internal const int ENoBufs = 105;
    internal const int EPerm = 1;

    [LibraryImport("libc", EntryPoint = "setsockopt", SetLastError = true)]
    internal static partial int SetSocketOption(int socket, int level, int option, void* value, uint length);

    [LibraryImport("libc", EntryPoint = "getsockopt", SetLastError = true)]
    internal static partial int GetSocketOption(int socket, int level, int option, void* value, uint* length);

    [LibraryImport("libc", EntryPoint = "sendto", SetLastError = true)]
    internal static partial nint SendTo(int socket, void* data, nuint length, int flags, void* address,
        uint addressLength);

    [LibraryImport("libc", EntryPoint = "recvfrom", SetLastError = true)]
    internal static partial nint ReceiveFrom(int socket, void* data, nuint length, int flags, void* address,
        uint* addressLength);

    /// <summary><c>struct sockaddr_xdp</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SocketAddress
    {
        internal ushort Family;
        internal ushort Flags;
        internal uint InterfaceIndex;
        internal uint Queue;
        internal uint SharedUmemDescriptor;
    }

    /// <summary><c>struct xdp_umem_reg</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct UmemRegistration
    {
        internal ulong Address;
        internal ulong Length;
        internal uint ChunkSize;
        internal uint Headroom;
        internal uint Flags;
        internal uint TransmitMetadataLength;
    }

    /// <summary><c>struct xdp_ring_offset</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct RingOffsets
    {
        internal ulong Producer;
        internal ulong Consumer;
        internal ulong Descriptors;
        internal ulong Flags;
    }

    /// <summary><c>struct xdp_mmap_offsets</c>.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct MmapOffsets
    {
        internal RingOffsets Receive;
        internal RingOffsets Transmit;
        internal RingOffsets Fill;
        internal RingOffsets Completion;
    }
}
