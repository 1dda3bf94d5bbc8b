namespace Ptnetmap.Abi;

/// <summary>Numbers of the netmap ABI, version 14 (<c>sys/net/netmap.h</c>, <c>netmap_virt.h</c>).</summary>
public static class NetmapAbi
{
    /// <summary><c>NETMAP_API</c>.</summary>
    public const uint Version = 14;

    /// <summary>Bytes of <c>struct netmap_slot</c>.</summary>
    public const int SlotSize = 16;

    /// <summary>Bytes of <c>struct netmap_ring</c> before its slots.</summary>
    public const int RingHeaderSize = 256;

    /// <summary>Bytes of <c>struct netmap_if</c> before its ring offsets.</summary>
    public const int InterfaceHeaderSize = 56;

    /// <summary>Bytes of one CSB entry, application's or kernel's half.</summary>
    public const int CsbEntrySize = 64;

    /// <summary>Rings that one page of CSB entries holds (4096 / 64): the most a ptnet device can have.</summary>
    public const int MaxCsbRings = 64;

    /// <summary>Buffers 0 and 1 are never given out.</summary>
    public const uint FirstBuffer = 2;

    /// <summary>The most slots of one packet (<c>NETMAP_MAX_FRAGS</c>).</summary>
    public const int MaxFragments = 64;

    /// <summary>Fewest slots of a ring.</summary>
    public const int MinSlots = 64;

    /// <summary>Most slots of a ring.</summary>
    public const int MaxSlots = 16384;

    /// <summary>Most ring pairs of a port.</summary>
    public const int MaxRingPairs = 16;

    /// <summary>Pages of x86-64, in bytes.</summary>
    public const int PageSize = 4096;
}
