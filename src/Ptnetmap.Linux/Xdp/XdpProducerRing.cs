using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>The producer's side of a ring: the fill ring (of chunk addresses) and the transmit ring (of descriptors).
/// One thread at a time. Write up to <see cref="Free"/> entries, then hand them over with one
/// <see cref="SubmitRelease"/>. Safe while the ring's memory is mapped: a socket's rings must not be used after it is
/// disposed of.</summary>
/// <typeparam name="T"><see cref="ulong"/> or <see cref="XdpDescriptor"/>.</typeparam>
public sealed unsafe class XdpProducerRing<T> : XdpRing<T>
    where T : unmanaged
{
    private uint _producer;

    // The consumer's index plus the size, so that the room is one subtraction.
    private uint _limit;

    /// <summary>Takes the producer's side of a ring, at the indices that stand in it.</summary>
    public XdpProducerRing(XdpRingMemory memory)
        : base(memory)
    {
        _producer = Volatile.Read(ref *_sharedProducer);
        _limit = Volatile.Read(ref *_sharedConsumer) + Size;
    }

    /// <summary>Room for entries. The consumer's index is only loaded anew when the known room is less than
    /// <paramref name="wanted"/>: the answer may be more than wanted, and is less only when there is no more.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Free(uint wanted)
    {
        uint free = _limit - _producer;
        return free >= wanted ? free : FreeAnew();
    }

    /// <summary>Writes the entry that is <paramref name="index"/> places behind the last one submitted.</summary>
    /// <param name="index">0 to <see cref="Free"/> - 1. Not checked: a larger one spoils an entry of this ring, never
    /// other memory.</param>
    /// <param name="entry">What to write.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write(uint index, T entry)
    {
        Debug.Assert(index < Size - Pending, "what is written to was free");
        _entries[(_producer + index) & _mask] = entry;
    }

    /// <summary>Hands the next <paramref name="count"/> entries over; they are seen before the index that says
    /// so.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SubmitRelease(uint count)
    {
        Debug.Assert(count <= Size - Pending, "what is submitted was free");
        _producer += count;
        Volatile.Write(ref *_sharedProducer, _producer);
    }

    /// <summary>Whether the consumer wants a system call (<c>XDP_RING_NEED_WAKEUP</c>). The load is behind a full
    /// fence: either the consumer sees what was submitted before, or its wish is seen here.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool NeedsWakeUpFenced()
    {
        Interlocked.MemoryBarrier();
        return (Volatile.Read(ref *_flags) & NeedWakeUpFlag) != 0;
    }

    /// <summary>Entries submitted that the consumer has not released, as of now.</summary>
    public uint Pending => _producer - Volatile.Read(ref *_sharedConsumer);

    private uint FreeAnew()
    {
        _limit = Volatile.Read(ref *_sharedConsumer) + Size;
        return _limit - _producer;
    }
}
