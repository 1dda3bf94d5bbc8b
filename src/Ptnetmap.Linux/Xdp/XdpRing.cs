namespace Ptnetmap.Linux.Xdp;

/// <summary>One side of a ring: where it lies. Safe while the ring's memory is mapped: a socket's rings must not be
/// used after it is disposed of.</summary>
/// <typeparam name="T"><see cref="ulong"/> or <see cref="XdpDescriptor"/>.</typeparam>
public abstract unsafe class XdpRing<T>
    where T : unmanaged
{
    /// <summary><c>XDP_RING_NEED_WAKEUP</c>.</summary>
    private protected const uint NeedWakeUpFlag = 1;

    private protected readonly T* _entries;
    private protected readonly uint* _sharedProducer;
    private protected readonly uint* _sharedConsumer;
    private protected readonly uint* _flags;
    private protected readonly uint _mask;

    private protected XdpRing(XdpRingMemory memory)
    {
        _entries = (T*)memory.Entries;
        _sharedProducer = memory.Producer;
        _sharedConsumer = memory.Consumer;
        _flags = memory.Flags;
        _mask = memory.Size - 1;
    }

    /// <summary>Number of entries.</summary>
    public uint Size => _mask + 1;
}
