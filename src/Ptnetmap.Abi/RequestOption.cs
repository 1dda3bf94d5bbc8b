using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary><c>struct nmreq_option</c>, 24 bytes, at the head of each option of a request (<c>sys/net/netmap.h</c>).
/// <code>
///  0          8             12           16         24
///  | nro_next | nro_reqtype | nro_status | nro_size | the option
/// </code></summary>
[StructLayout(LayoutKind.Explicit, Size = 24)]
public struct RequestOption
{
    /// <summary><c>NETMAP_REQ_OPT_EXTMEM</c>: the program brings the memory.</summary>
    public const uint ExternalMemory = 1;

    /// <summary><c>NETMAP_REQ_OPT_SYNC_KLOOP_EVENTFDS</c>.</summary>
    public const uint LoopEventFds = 2;

    /// <summary><c>NETMAP_REQ_OPT_CSB</c>: pointers are in arrays of <see cref="CsbAtok"/> and <see cref="CsbKtoa"/>,
    /// whose addresses follow.</summary>
    public const uint Csb = 3;

    /// <summary><c>nro_next</c>: address of the next one; 0 in the last.</summary>
    [FieldOffset(0)]
    public ulong Next;

    /// <summary><c>nro_reqtype</c>: which.</summary>
    [FieldOffset(8)]
    public uint Type;

    /// <summary><c>nro_status</c>: 0 once it is done, an error's number otherwise.</summary>
    [FieldOffset(12)]
    public uint Status;

    /// <summary><c>nro_size</c>: bytes of one whose size varies; 0 of the others.</summary>
    [FieldOffset(16)]
    public ulong Size;
}
