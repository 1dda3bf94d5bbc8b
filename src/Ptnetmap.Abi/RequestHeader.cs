using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Ptnetmap.Abi;

/// <summary><c>struct nmreq_header</c>, 88 bytes (<c>sys/net/netmap.h</c>): the argument of <c>NIOCCTRL</c>, by which a
/// program asks <c>/dev/netmap</c> for something.
/// <code>
///  0            2            4             8             72           80        88
///  | nr_version | nr_reqtype | nr_reserved | nr_name[64] | nr_options | nr_body |
/// </code>
/// Options and body are addresses in the program.</summary>
[StructLayout(LayoutKind.Explicit, Size = 88)]
public struct RequestHeader
{
    /// <summary><c>NIOCCTRL</c>: <c>_IOWR('i', 151, struct nmreq_header)</c>.</summary>
    public const uint Control = 0xC058_6997;

    /// <summary><c>NIOCTXSYNC</c>: <c>_IO('i', 148)</c>.</summary>
    public const uint TxSync = 0x6994;

    /// <summary><c>NIOCRXSYNC</c>: <c>_IO('i', 149)</c>.</summary>
    public const uint RxSync = 0x6995;

    /// <summary>Bytes of <c>nr_name</c>, its final zero included (<c>NETMAP_REQ_IFNAMSIZ</c>).</summary>
    public const int NameSize = PortName.MaxLength + 1;

    /// <summary><c>nr_version</c>: <see cref="NetmapAbi.Version"/>, in and out.</summary>
    [FieldOffset(0)]
    public ushort Version;

    /// <summary><c>nr_reqtype</c>: what is asked for.</summary>
    [FieldOffset(2)]
    public RequestType Type;

    /// <summary><c>nr_name</c>: the port, as <see cref="PortName"/> reads it.</summary>
    [FieldOffset(8)]
    public NameBytes Name;

    /// <summary><c>nr_options</c>: address of the first <see cref="RequestOption"/>; 0 without one.</summary>
    [FieldOffset(72)]
    public ulong Options;

    /// <summary><c>nr_body</c>: address of what belongs to the type, such as a <see cref="RegisterRequest"/>.</summary>
    [FieldOffset(80)]
    public ulong Body;

    /// <summary>The bytes of <c>nr_name</c>.</summary>
    [InlineArray(NameSize)]
    public struct NameBytes
    {
        private byte _first;
    }
}
