using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Rings;

/// <summary>A receive ring with a user, its writers, and the simplest model of what the user finds: a list of
/// slots.</summary>
internal sealed class WriterBed : IDisposable
{
    private const uint NoBuffer = uint.MaxValue;

    private readonly MemoryRegion _region;
    private readonly PortMemory _memory;
    private readonly DirectClient _client = new();
    private readonly Queue<ModelSlot> _expected = [];
    private readonly Dictionary<uint, uint> _spoiled = [];
    private readonly ScatterWriter _scatter = new();
    private readonly ScatterList _list = new(NetmapAbi.MaxFragments);
    private int _seed;

    public WriterBed(int slots, int bufferSize)
    {
        _region = MemoryRegion.Create(
            new RegionRequest { Name = "w", Slots = slots, BufferSize = bufferSize, HugePages = HugePagePolicy.Off });
        _memory = PortMemory.Open(_region, "w", PortShape.Symmetric(1, slots));
        Tx = new Kring("w", 0, RingDirection.Tx, _memory.TxRings[0], _region.Buffers);
        Rx = new Kring("w", 0, RingDirection.Rx, _memory.RxRings[0], _region.Buffers);
        Rx.SetClient(_client);
    }

    public Kring Rx { get; }

    public Kring Tx { get; }

    private uint Size => _region.Buffers.BufferSize;

    // What the model says of the ring's counters.
    public long Packets { get; private set; }

    public long Bytes { get; private set; }

    public long Spoilt { get; private set; }

    public long Missed { get; private set; }

    /// <summary>A frame of a single sender.</summary>
    public void Put(int length)
    {
        Rx.TryAdvance(_client.Head, _client.Head);
        uint slots = FrameWriter.SlotsFor(length, Size);
        if (slots <= Math.Min(Rx.Free, NetmapAbi.MaxFragments))
        {
            byte[] frame = Make(length);
            Assert.Equal(Expect([.. frame.Chunk((int)Size)]), FrameWriter.TryPut(Rx, frame));
            _client.Publish(Rx);
        }
    }

    /// <summary>A frame that the kernel writes into <paramref name="slots"/> open slots.</summary>
    public void Scatter(int slots, int permille)
    {
        Rx.TryAdvance(_client.Head, _client.Head);
        if (slots > Rx.Free)
        {
            return;
        }

        _list.Clear();
        uint first = Rx.Claimed;
        uint[] chosen = [.. Enumerable.Range(0, slots)
            .Select(i => Rx.Ring.Slots[(int)Rx.Ring.Advance(first, (uint)i)].BufferIndex)];
        int bad = Array.FindIndex(chosen, index => index == NoBuffer);
        Assert.Equal(bad < 0, _scatter.TryOpen(Rx, (uint)slots, _list));
        if (bad >= 0)
        {
            Blank(bad + 1);
            Spoilt++;
        }
        else
        {
            Assert.Equal(slots * (int)Size, _list.Bytes);
            byte[][] pieces = [.. Make(Math.Max(1, (int)(slots * Size * permille / 1000))).Chunk((int)Size)];
            for (int i = 0; i < pieces.Length; i++)
            {
                pieces[i].CopyTo(_region.Buffers[chosen[i]]);
            }

            // What the user does to the slots meanwhile changes nothing.
            Rx.Ring.Slots[(int)first].BufferIndex = NoBuffer;
            Assert.Equal((uint)pieces.Length, _scatter.Close(Rx, (uint)pieces.Sum(piece => piece.Length)));
            _ = Expect(pieces, isCounted: false);
        }

        _client.Publish(Rx);
    }

    /// <summary>Two senders, each with a packet of some fragments; the second may be done first.</summary>
    public void Lay(int[] first, int[] second, bool secondIsFirst)
    {
        (ReceiveClaim Claim, bool Arrived, long Bytes)[] laid =
            [.. new[] { first, second }.Select(lengths => Lay([.. lengths.Select(Make)]))
                .Where(one => one.Claim.Slots != 0)];
        bool isSwapped = secondIsFirst && laid.Length == 2;
        foreach ((ReceiveClaim claim, bool arrived, long bytes) in isSwapped ? Enumerable.Reverse(laid) : laid)
        {
            // What is behind an open claim is not shown yet.
            bool isShown = !isSwapped || claim == laid[0].Claim;
            Assert.Equal(isShown, claim.HandOver(Rx, arrived ? 1 : 0, arrived ? 0 : 1, arrived ? bytes : 0));
        }
    }

    /// <summary>Packets of one slot each, copied as they are.</summary>
    public void Copy(int[] lengths)
    {
        SlotWord[] words = [.. lengths.Select((length, i) =>
        {
            uint buffer = Tx.Ring.Slots[i].BufferIndex;
            Make(Math.Min(length, (int)Size)).CopyTo(_region.Buffers[buffer]);
            return new SlotWord(buffer, (ushort)Math.Min(length, (int)Size), SlotFlags.None);
        })];
        var demand = new Demand((uint)words.Length, isWhole: false);
        Assert.True(ReceiveClaim.TryTake(Rx, ref demand, patience: 0, out ReceiveClaim claim));
        Missed += words.Length - claim.Slots;
        if (claim.Slots == 0)
        {
            return;
        }

        SlotWord[] taken = words[..(int)claim.Slots];
        bool[] arrive = [.. taken.Select(word => Expect([_region.Buffers[word.BufferIndex][..word.Length].ToArray()]))];
        long bytes = 0;
        int spoiled = SlotCopy.Copy(taken, _region.Buffers, Rx, claim.Start, ref bytes);
        Assert.Equal(arrive.Count(arrives => !arrives), spoiled);
        Assert.True(claim.HandOver(Rx, taken.Length - spoiled, spoiled, bytes));
    }

    /// <summary>The user overwrites a slot that is not its own.</summary>
    public void Spoil(uint ahead)
    {
        Rx.TryAdvance(_client.Head, _client.Head);
        if (ahead < Rx.Free)
        {
            uint at = Rx.Ring.Advance(Rx.Claimed, ahead);
            _spoiled.TryAdd(at, Rx.Ring.Slots[(int)at].BufferIndex);
            Rx.Ring.Slots[(int)at].BufferIndex = NoBuffer;
        }
    }

    /// <summary>The user takes all, finds what the model says, and mends what it spoiled.</summary>
    public void Take()
    {
        for (uint at = _client.Head; at != _client.Tail; at = Rx.Ring.Next(at))
        {
            SlotWord word = Rx.Ring.Slots[(int)at].Word;
            ModelSlot expected = _expected.Dequeue();
            Assert.Equal((expected.Bytes.Length, expected.Fragments, expected.More),
                (word.Length, word.HighByte, word.Has(SlotFlags.MoreFragments)));
            Assert.Equal(expected.Bytes,
                word.Length == 0 ? [] : _region.Buffers[word.BufferIndex][..word.Length].ToArray());
            if (_spoiled.Remove(at, out uint buffer))
            {
                Assert.Equal(NoBuffer, word.BufferIndex);
                Rx.Ring.Slots[(int)at].BufferIndex = buffer;
            }
        }

        Assert.Empty(_expected);
        _client.Head = _client.Tail;
    }

    public void Dispose()
    {
        Rx.SetClient(null);
        _memory.Dispose();
        _region.Dispose();
    }

    private (ReceiveClaim Claim, bool Arrived, long Bytes) Lay(byte[][] fragments)
    {
        uint slots = SlotsOf(fragments);
        var demand = new Demand(slots <= NetmapAbi.MaxFragments ? slots : 0, isWhole: true);
        Assert.True(ReceiveClaim.TryTake(Rx, ref demand, patience: 0, out ReceiveClaim claim));
        Missed += demand.Missed;
        if (claim.Slots == 0)
        {
            return (claim, false, 0);
        }

        bool arrives = Expect([.. fragments.SelectMany(piece => piece.Length == 0 ? [piece] : piece.Chunk((int)Size))],
            claim.Start);
        var writer = new FrameWriter(Rx, claim.Start);
        writer.Begin(slots);
        for (int i = 0; i < fragments.Length; i++)
        {
            if (i != 0)
            {
                writer.Break();
            }

            // In two pieces: only a break begins a slot.
            writer.Write(fragments[i].AsSpan(0, fragments[i].Length / 3));
            writer.Write(fragments[i].AsSpan(fragments[i].Length / 3));
        }

        Assert.Equal(arrives, writer.End());
        return (claim, arrives, fragments.Sum(piece => piece.Length));
    }

    private uint SlotsOf(byte[][] fragments) => (uint)fragments.Sum(piece => FrameWriter.SlotsFor(piece.Length, Size));

    // The packet's slots, or empty ones when one of them is spoiled.
    private bool Expect(byte[][] pieces, uint? start = null, bool isCounted = true)
    {
        uint first = start ?? Rx.Ring.Advance(_client.Head, (uint)_expected.Count);
        bool arrives =
            !Enumerable.Range(0, pieces.Length).Any(i => _spoiled.ContainsKey(Rx.Ring.Advance(first, (uint)i)));
        if (!arrives)
        {
            Blank(pieces.Length);
            Spoilt++;
            return false;
        }

        for (int i = 0; i < pieces.Length; i++)
        {
            _expected.Enqueue(new ModelSlot(pieces[i], pieces.Length, More: i != pieces.Length - 1));
        }

        Packets += isCounted ? 1 : 0;
        Bytes += isCounted ? pieces.Sum(piece => piece.Length) : 0;
        return true;
    }

    private void Blank(int slots)
    {
        for (int i = 0; i < slots; i++)
        {
            _expected.Enqueue(new ModelSlot([], Fragments: 1, More: false));
        }
    }

    private byte[] Make(int length)
    {
        _seed++;
        return [.. Enumerable.Range(0, length).Select(i => (byte)((_seed * 31) + i))];
    }

    private sealed record ModelSlot(byte[] Bytes, int Fragments, bool More);

    private struct Demand(uint slots, bool isWhole) : IReceiveDemand
    {
        public long Missed { readonly get; private set; }

        public uint SlotsOf(uint free)
        {
            uint taken = slots <= free ? slots : isWhole ? 0 : free;
            Missed = isWhole ? (taken == slots ? 0 : 1) : slots - taken;
            return taken;
        }
    }
}
