using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>A NIC port of one ring pair, a queue in memory, and the test as both its user and its kernel.</summary>
internal sealed class NicBed : IDisposable
{
    internal const int Mtu = 1500;

    private readonly List<ulong> _fill = [];

    internal NicBed(int slots = 64, bool connect = true)
    {
        Region =
            MemoryRegion.Create(new RegionRequest { Slots = slots, ExtraBuffers = 8, HugePages = HugePagePolicy.Off });
        Port = NicPort.Create("netmap:test0", Region, PortShape.Symmetric(1, slots), new Quiescence());
        Queue = new MemoryQueue((uint)slots);
        if (connect)
        {
            Port.Connect([Queue], Mtu);
        }
    }

    internal MemoryRegion Region { get; }

    internal NicPort Port { get; }

    internal MemoryQueue Queue { get; }

    internal Kring Rx => Port.RxRings[0];

    internal Kring Tx => Port.TxRings[0];

    /// <summary>Buffers that the kernel has to receive into, oldest first.</summary>
    internal IReadOnlyList<uint> Lent => [.. _fill.Select(address => Port.Umem.BufferOf(address + XdpUmem.Headroom))];

    internal SyncStatus RxSync(uint budget = 256)
    {
        SyncStatus status = Port.SourceOf(Rx)!.RxSync(Rx, budget);
        TakeFill();
        return status;
    }

    /// <summary>The kernel receives a frame into the lent buffer number <paramref name="which"/>.</summary>
    internal uint Arrive(uint tag, int which = 0, int moved = 0)
    {
        ulong address = _fill[which];
        _fill.RemoveAt(which);
        uint buffer = Port.Umem.BufferOf(address + XdpUmem.Headroom);
        Span<byte> frame = Region.Buffers[buffer];
        frame.Slice(moved, 60).Fill((byte)tag);
        ulong offset = (ulong)(XdpUmem.Headroom + moved) << 48;
        Queue.KernelReceive.Write(0, new XdpDescriptor(address | offset, 60));
        Queue.KernelReceive.SubmitRelease(1);
        return buffer;
    }

    /// <summary>The user reads everything that is its own, and gives all but <paramref name="keep"/> slots
    /// back.</summary>
    internal List<byte> Read(uint keep = 0)
    {
        var tags = new List<byte>();
        uint slot = Rx.Head;
        for (uint left = Rx.Ring.Distance(Rx.Head, Rx.HwTail); left > keep; left--)
        {
            SlotWord word = Rx.Ring.Slots[(int)slot].Word;
            ReadOnlySpan<byte> frame = Region.Buffers[word.BufferIndex][..word.Length];
            Assert.Equal(-1, frame.IndexOfAnyExcept(frame[0]));
            tags.Add(frame[0]);
            slot = Rx.Ring.Next(slot);
        }

        Assert.True(Rx.TryAdvance(slot, slot));
        return tags;
    }

    /// <summary>The user fills a slot and hands it over.</summary>
    internal void Send(SlotWord word)
    {
        Tx.Ring.Slots[(int)Tx.Head].Word = word;
        uint head = Tx.Ring.Next(Tx.Head);
        Assert.True(Tx.TryAdvance(head, head));
    }

    /// <summary>The user sends the buffer of its next slot.</summary>
    internal uint Send(ushort length = 60)
    {
        uint buffer = Tx.Ring.Slots[(int)Tx.Head].BufferIndex;
        Send(new SlotWord(buffer, length, SlotFlags.None));
        return buffer;
    }

    internal SyncStatus TxSync(uint budget = 256) => Port.TxSync(Tx, budget);

    /// <summary>What the kernel finds in the transmit ring.</summary>
    internal List<XdpDescriptor> Take()
    {
        var frames = new List<XdpDescriptor>();
        uint count = Queue.KernelTransmit.AvailableAcquire(uint.MaxValue);
        for (uint i = 0; i < count; i++)
        {
            frames.Add(Queue.KernelTransmit.Read(i));
        }

        Queue.KernelTransmit.ReleaseConsumed(count);
        return frames;
    }

    /// <summary>The kernel has sent a frame.</summary>
    internal void Complete(XdpDescriptor frame)
    {
        Queue.KernelCompletion.Write(0, frame.Address);
        Queue.KernelCompletion.SubmitRelease(1);
    }

    /// <summary>The device goes, and a new one comes.</summary>
    internal void Reconnect(MemoryQueue queue)
    {
        Port.Connect([queue], Mtu);
        _fill.Clear();
    }

    public void Dispose()
    {
        Port.Dispose();
        Queue.Dispose();
        Region.Dispose();
    }

    private void TakeFill()
    {
        uint count = Queue.KernelFill.AvailableAcquire(uint.MaxValue);
        for (uint i = 0; i < count; i++)
        {
            _fill.Add(Queue.KernelFill.Read(i));
        }

        Queue.KernelFill.ReleaseConsumed(count);
    }
}
