namespace Ptnetmap.Memory;

/// <summary>What a region has to hold; its size follows from that.</summary>
public sealed record RegionRequest
{
    /// <summary>Shown in <c>/proc/PID/maps</c> and in messages.</summary>
    public string Name { get; init; } = "region";

    /// <summary>The region's id (<c>nr_mem_id</c>), 1 to 65535, unique on the host: two ports share memory when they
    /// have the same.</summary>
    public ushort Id { get; init; } = 1;

    /// <summary>Ports that live in it at the same time.</summary>
    public int Ports { get; init; } = 1;

    /// <summary>The most ring pairs of one port.</summary>
    public int RingPairs { get; init; } = 1;

    /// <summary>The most slots of one ring.</summary>
    public int Slots { get; init; } = 1024;

    /// <summary>Buffers beyond those of the rings, for programs that keep packets.</summary>
    public int ExtraBuffers { get; init; }

    /// <summary>Bytes of a buffer and the distance between two (<c>nr_buf_size</c>); a multiple of 64. The default is
    /// 33 cache lines: at 2048, the first lines of all buffers fall on one in 32 sets of a cache.</summary>
    public int BufferSize { get; init; } = DefaultBufferSize;

    /// <summary>Which pages to ask for.</summary>
    public HugePagePolicy HugePages { get; init; } = HugePagePolicy.Auto;

    /// <summary>An odd number of cache lines that holds a full Ethernet frame.</summary>
    public const int DefaultBufferSize = 2112;
}
