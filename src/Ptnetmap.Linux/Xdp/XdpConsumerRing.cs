using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>The consumer's side of a ring: the completion ring (of chunk addresses) and the receive ring (of
/// descriptors). One thread at a time. Read up to <see cref="AvailableAcquire"/> entries, then give them back with one
/// <see cref="ReleaseConsumed"/>. Safe while the ring's memory is mapped: a socket's rings must not be used after it is
/// disposed of.</summary>
/// <typeparam name="T"><see cref="ulong"/> or <see cref="XdpDescriptor"/>.</typeparam>
public sealed unsafe class XdpConsumerRing<T> : XdpRing<T>
    where T : unmanaged
{
    private uint _consumer;
    private uint _producer;

    /// <summary>Takes the consumer's side of a ring, at the indices that stand in it.</summary>
    public XdpConsumerRing(XdpRingMemory memory)
        : base(memory)
    {
        _consumer = Volatile.Read(ref *_sharedConsumer);
        _producer = _consumer;
    }

    /// <summary>Entries that can be read; they are loaded after the index that says so. The producer's index is only
    /// loaded anew when fewer than <paramref name="wanted"/> are known: the answer may be more than wanted, and is less
    /// only when there are no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint AvailableAcquire(uint wanted)
    {
        uint available = _producer - _consumer;
        return available >= wanted ? available : AvailableAnew();
    }

    /// <summary>The entry that is <paramref name="index"/> places behind the last one released.</summary>
    /// <param name="index">0 to <see cref="AvailableAcquire"/> - 1. Not checked: a larger one reads an old entry of
    /// this ring, never other memory.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public T Read(uint index)
    {
        Debug.Assert(index < Volatile.Read(ref *_sharedProducer) - _consumer, "what is read is there");
        return _entries[(_consumer + index) & _mask];
    }

    /// <summary>Gives the next <paramref name="count"/> entries back; they have been read before the index says
    /// so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void ReleaseConsumed(uint count)
    {
        Debug.Assert(count <= Volatile.Read(ref *_sharedProducer) - _consumer, "what is released was there");
        _consumer += count;
        Volatile.Write(ref *_sharedConsumer, _consumer);
    }

    /// <summary>For who plays the kernel: tells the producer whether to make a system call after it submits
    /// (<c>XDP_RING_NEED_WAKEUP</c>). A full fence follows.</summary>
    public void SetNeedWakeUp(bool needed)
    {
        Volatile.Write(ref *_flags, needed ? NeedWakeUpFlag : 0);
        Interlocked.MemoryBarrier();
    }

    private uint AvailableAnew()
    {
        _producer = Volatile.Read(ref *_sharedProducer);
        return _producer - _consumer;
    }
}
