using System.Diagnostics;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>What a transmit ring needs to send a batch: private copies of its slots, and a queue for each destination,
/// by number. It knows nothing of switches and ports. Made once for each ring; a pass allocates nothing.</summary>
internal sealed class SlotBatch(Kring tx)
{
    /// <summary>The most slots of a batch. Long enough to spread the receivers' locks over many packets, short enough
    /// that the frames' first lines are still in the core's own caches when they are copied.</summary>
    public const int MostSlots = 512;

    // The longest IPv6 packet, an Ethernet header with two tags, and the virtio-net header.
    private const int LongestPacket =
        VnetHeader.Length + Ethernet.HeaderLength + (Ethernet.MaxTags * Ethernet.TagLength) + 40 + ushort.MaxValue;

    // A flood makes a run for each receiver: before a run is begun, there is room for that.
    private const int MaxRuns = (2 * MostSlots) + PortBits.MaxPorts;

    private readonly PacketRun[] _runs = new PacketRun[MaxRuns];
    private readonly DestinationQueue[] _queues = new DestinationQueue[256];
    private readonly SlotWord[] _words = new SlotWord[MostSlots];
    private byte[] _packet = [];
    private int _loaded;
    private int _runCount;
    private PortBits _touched;
    private PortBits _waiting;

    public Kring Tx => tx;

    /// <summary>Bytes of virtio-net header before each of its frames.</summary>
    public uint HeaderLength { get; set; }

    /// <summary>True while the ring's next slots are the rest of a packet that was dropped.</summary>
    public bool IsSkipping { get; set; }

    /// <summary>The batch: each slot was read once, and this is what it said.</summary>
    public ReadOnlySpan<SlotWord> Words => _words.AsSpan(0, _loaded);

    /// <summary>The most patience that its packets have with a receiver that has no space, nanoseconds.</summary>
    public long Patience { get; set; }

    /// <summary>Nanoseconds after which what waits is to be looked at again; meaningless when nothing does.</summary>
    public long Wait { get; private set; }

    /// <summary>True when packets of it wait for space.</summary>
    public bool IsWaiting => !_waiting.IsEmpty;

    /// <summary>The receivers that they wait for.</summary>
    public PortBits Waiting => _waiting;

    /// <summary>True when there might be no room for one more run.</summary>
    public bool IsFull => _runCount > MaxRuns - PortBits.MaxPorts;

    /// <summary>Reads up to <paramref name="count"/> pending slots (at most <see cref="MostSlots"/>) and begins to
    /// load the frames that they name.</summary>
    public void Load(uint count)
    {
        Debug.Assert(count <= MostSlots && count <= tx.Pending, "a batch is of what was handed over");
        Span<SlotWord> words = _words.AsSpan(0, (int)count);
        Span<NetmapSlot> first = Tx.Ring.Run(Tx.HwCur, count);
        Load(first, words);
        Load(Tx.Ring.Run(0, count - (uint)first.Length), words[first.Length..]);
        _loaded = (int)count;
        _runCount = 0;
        Wait = long.MaxValue;
    }

    public void Enqueue(int port, PacketRun run)
    {
        Debug.Assert(run.Start >= 0 && run.Slots > 0 && run.Start + run.Slots <= _loaded, "a run lies in the batch");
        Debug.Assert(run.Packets == run.Slots || run.Packets == 1,
            "its packets have one slot each, or it is one packet");
        run.Next = -1;
        ref DestinationQueue queue = ref _queues[(byte)port];
        int index = _runCount++;
        _runs[index] = run;
        if (queue.Slots == 0)
        {
            queue.First = index;
            _touched.Add(port);
        }
        else
        {
            _runs[queue.Last].Next = index;
        }

        queue.Last = index;
        queue.Slots += run.Slots;
        queue.Packets += run.Packets;
    }

    /// <summary>Takes the queue of the next destination out. False when none is left.</summary>
    public bool TryTakeQueue(out int port, out DestinationQueue queue)
    {
        if (!_touched.TryTake(out port))
        {
            queue = default;
            return false;
        }

        queue = _queues[port];
        _queues[port] = default;
        return true;
    }

    /// <summary>What is left of a queue waits until its receiver has space.</summary>
    public void PutBack(int port, in DestinationQueue queue)
    {
        _queues[port] = queue;
        _waiting.Add(port);
    }

    /// <summary>What a receiver's queue waits for: slots.</summary>
    public uint NeededOf(int port) => _queues[port].Needed;

    /// <summary>Takes up what waits: it is queued again.</summary>
    public void TakeUp()
    {
        _touched = _waiting;
        _waiting = default;
        Wait = long.MaxValue;
    }

    /// <summary>The packets of a queue from the one that is in run <paramref name="first"/>, behind
    /// <paramref name="done"/> of its slots, wait for space.</summary>
    /// <param name="first">The run.</param>
    /// <param name="done">Slots of it.</param>
    /// <param name="needed">Slots that that packet needs.</param>
    /// <param name="wait">Nanoseconds that they may wait.</param>
    public DestinationQueue WaitFrom(int first, int done, uint needed, long wait)
    {
        Wait = Math.Min(Wait, wait);
        var queue = new DestinationQueue { First = first, Done = done, Needed = needed };
        for (int index = first; index >= 0; index = _runs[index].Next)
        {
            ref readonly PacketRun run = ref _runs[index];
            int slots = run.Slots - (index == first ? done : 0);
            queue.Slots += slots;
            queue.Packets += run.Packets == run.Slots ? slots : 1;
        }

        return queue;
    }

    public ref readonly PacketRun RunAt(int index) => ref _runs[index];

    /// <summary>Takes a queue out, if there is one, and drops its packets.</summary>
    public void DropQueue(int port, DropReason reason)
    {
        Drop(reason, _queues[port].Packets);
        _queues[port] = default;
        _touched.Remove(port);
    }

    /// <summary>Makes room for <see cref="TryGather"/>, before the first pass that needs it; the ring begins
    /// anew.</summary>
    public void PrepareOffloads()
    {
        _packet = _packet.Length == 0 ? new byte[LongestPacket] : _packet;
        IsSkipping = false;
    }

    /// <summary>Copies a packet together, so that what is checked of it is what is used.</summary>
    /// <param name="slots">Its slots.</param>
    /// <param name="packet">The copy, good until the next one is made.</param>
    /// <returns>False when it is longer than any that is cut or summed here.</returns>
    public bool TryGather(ReadOnlySpan<SlotWord> slots, out Span<byte> packet)
    {
        int length = 0;
        foreach (SlotWord word in slots)
        {
            if (!Tx.Buffers[word.BufferIndex][..word.Length].TryCopyTo(_packet.AsSpan(length)))
            {
                packet = default;
                return false;
            }

            length += word.Length;
        }

        packet = _packet.AsSpan(0, length);
        return true;
    }

    /// <summary>Forgets what is queued, and that the rest of a packet was to be skipped.</summary>
    public void Clear()
    {
        Array.Clear(_queues);
        _touched = default;
        _waiting = default;
        IsSkipping = false;
    }

    public void Drop(DropReason reason, long count = 1) => Tx.Counters.Drops.Add(reason, count);

    private void Load(ReadOnlySpan<NetmapSlot> slots, Span<SlotWord> words)
    {
        BufferPoolView buffers = Tx.Buffers;
        for (int i = 0; i < slots.Length && i < words.Length; i++)
        {
            SlotWord word = slots[i].Word;
            buffers.Prefetch(word.BufferIndex);
            words[i] = word;
        }
    }
}
