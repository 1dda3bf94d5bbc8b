using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A port of a test's switch with a user on each ring.</summary>
internal sealed class BedPort : IDisposable
{
    private readonly bool _attached;
    private readonly Quiescence _quiescence;
    private readonly PassMark[] _marks;

    public BedPort(ValePort port, Quiescence quiescence, bool attach, int headerLength = 0)
    {
        port.SetVnetHeaderLength(headerLength);
        Port = port;
        _attached = attach;
        _quiescence = quiescence;
        _marks = [.. port.TxRings.Select(ring => new PassMark(ring.Name))];
        Array.ForEach(_marks, quiescence.Register);
        Clients = new DirectClient[port.RxRings.Length];
        for (int i = 0; i < Clients.Length; i++)
        {
            Clients[i] = new DirectClient();
            port.RxRings[i].SetClient(attach ? Clients[i] : null);
        }
    }

    public ValePort Port { get; }

    public DirectClient[] Clients { get; }

    public int Number => Port.Number;

    /// <summary>Puts one slot into a transmit ring and hands it over.</summary>
    public void Put(ReadOnlySpan<byte> data, SlotFlags flags = SlotFlags.None, int ring = 0)
    {
        Kring tx = Port.TxRings[ring];
        SlotWord word = tx.Ring.Slots[(int)tx.Head].Word;
        data.CopyTo(Port.Region.Buffers[word.BufferIndex]);
        PutWord(new SlotWord(word.BufferIndex, (ushort)data.Length, flags), ring);
    }

    /// <summary>Puts any slot contents into a transmit ring and hands them over.</summary>
    public void PutWord(SlotWord word, int ring = 0)
    {
        Kring tx = Port.TxRings[ring];
        tx.Ring.Slots[(int)tx.Head].Word = word;
        uint head = tx.Ring.Next(tx.Head);
        if (!tx.TryAdvance(head, head))
        {
            Assert.Fail("the ring is full");
        }
    }

    /// <summary>The buffer of the slot that is put next.</summary>
    public uint NextBuffer(int ring = 0)
    {
        Kring tx = Port.TxRings[ring];
        return tx.Ring.Slots[(int)tx.Head].BufferIndex;
    }

    /// <summary>The buffer of the slot that was put last.</summary>
    public uint LastBuffer()
    {
        Kring tx = Port.TxRings[0];
        return tx.Ring.Slots[(int)((tx.Head + tx.SlotCount - 1) % tx.SlotCount)].BufferIndex;
    }

    /// <summary>Puts a packet, cut into fragments of these lengths.</summary>
    public void PutFragments(ReadOnlySpan<byte> packet, ReadOnlySpan<int> lengths, SlotFlags flags = SlotFlags.None)
    {
        for (int i = 0; i < lengths.Length; i++)
        {
            SlotFlags more = i == lengths.Length - 1 ? SlotFlags.None : SlotFlags.MoreFragments;
            Put(packet[..lengths[i]], flags | more);
            packet = packet[lengths[i]..];
        }
    }

    public SyncStatus Sync(uint budget = uint.MaxValue, int ring = 0)
    {
        Kring tx = Port.TxRings[ring];
        _marks[ring].Begin();
        try
        {
            SyncStatus status = Port.TxSync(tx, budget);
            Port.NotifyReceivers(tx);
            return status;
        }
        finally
        {
            _marks[ring].End();
        }
    }

    /// <summary>Puts a frame and sends it.</summary>
    public void Send(int to, int from, int length = 60, SlotFlags flags = SlotFlags.None)
    {
        Put(Frame.Make(to, from, length), flags);
        Assert.Equal(SyncStatus.Dry, Sync());
    }

    /// <summary>Takes all packets out of a receive ring and gives the slots back.</summary>
    public List<Received> Take(int ring = 0)
    {
        var packets = new List<Received>();
        RingView rx = Port.RxRings[ring].Ring;
        DirectClient client = Clients[ring];
        uint tail = client.Tail;
        var bytes = new List<byte>();
        var fragments = new List<int>();
        for (uint at = client.Head; at != tail; at = rx.Next(at))
        {
            SlotWord word = rx.Slots[(int)at].Word;
            bytes.AddRange(Port.Region.Buffers[word.BufferIndex][..word.Length]);
            fragments.Add(word.Length);
            if (!word.Has(SlotFlags.MoreFragments))
            {
                Assert.Equal(fragments.Count, word.HighByte);
                packets.Add(new Received([.. bytes], [.. fragments]));
                bytes.Clear();
                fragments.Clear();
            }
        }

        Assert.Empty(fragments);
        client.Head = tail;
        return packets;
    }

    public long Drops(DropReason reason, int ring = 0) => Port.TxRings[ring].Counters.Drops.Of(reason);

    public void Dispose()
    {
        if (_attached)
        {
            foreach (Kring ring in Port.RxRings)
            {
                ring.SetClient(null);
            }
        }

        Port.Dispose();
        Array.ForEach(_marks, _quiescence.Unregister);
        Assert.Equal(0, Port.Memory.LostBuffers);
        Port.Region.Dispose();
    }
}
