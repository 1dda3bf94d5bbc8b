using System.Buffers.Binary;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A guest written out by hand against the CSB, one step at a time, so that a test decides what it does when.
/// It has the first tx ring and the first rx ring of its port.</summary>
internal sealed class HandGuest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly int _rxIndex;
    private uint _txHead;
    private uint _rxHead;

    internal HandGuest(GuestAttachment attachment)
    {
        Attachment = attachment;
        _rxIndex = attachment.Shape.TxRings;
        TxCsb = attachment.Csb.Guest(0);
        RxCsb = attachment.Csb.Guest(_rxIndex);
        Tx = attachment.Port.Memory.TxRings[0];
        Rx = attachment.Port.Memory.RxRings[0];
        _txHead = TxCsb.ReadOwnHead();
        _rxHead = RxCsb.ReadOwnHead();
    }

    internal GuestAttachment Attachment { get; }

    internal CsbGuestView TxCsb { get; }

    internal CsbGuestView RxCsb { get; }

    internal RingView Tx { get; }

    internal RingView Rx { get; }

    internal uint TxSpace => Tx.Distance(_txHead, TxCsb.ReadHwTailAcquire());

    internal uint RxAvailable => Rx.Distance(_rxHead, RxCsb.ReadHwTailAcquire());

    /// <summary>Puts frames with the numbers given into the next slots and publishes them.</summary>
    internal void Send(params ReadOnlySpan<uint> numbers)
    {
        foreach (uint number in numbers)
        {
            ref NetmapSlot slot = ref Tx.Slots[(int)_txHead];
            Span<byte> frame = Attachment.Region.Buffers[slot.BufferIndex][..60];
            frame.Fill((byte)number);
            BinaryPrimitives.WriteUInt32LittleEndian(frame, number);
            slot.Length = 60;
            slot.Flags = SlotFlags.None;
            _txHead = Tx.Next(_txHead);
        }

        Publish();
    }

    /// <summary>Publishes a slot as the test filled it.</summary>
    internal void SendRaw(SlotWord word)
    {
        Tx.Slots[(int)_txHead].Word = word;
        _txHead = Tx.Next(_txHead);
        Publish();
    }

    /// <summary>The next slot to send, as it is.</summary>
    internal SlotWord NextTx => Tx.Slots[(int)_txHead].Word;

    /// <summary>Kicks the tx ring if the host asks for it; true when it did.</summary>
    internal bool KickTx()
    {
        Interlocked.MemoryBarrier();
        if (!TxCsb.ReadKernNeedKick())
        {
            return false;
        }

        Attachment.Kicks[0].Signal();
        return true;
    }

    /// <summary>Waits until there is a packet, the way a driver does: asks for an interrupt, looks again,
    /// sleeps.</summary>
    internal void AwaitPackets(uint count = 1)
    {
        while (RxAvailable < count)
        {
            RxCsb.WriteApplNeedKick(true);
            Interlocked.MemoryBarrier();
            if (RxAvailable < count)
            {
                Assert.True(Attachment.Interrupts[_rxIndex].Wait(Patience), "no interrupt came");
            }
        }

        RxCsb.WriteApplNeedKick(false);
    }

    /// <summary>Waits until there is space to send.</summary>
    internal void AwaitSpace(uint count = 1)
    {
        while (TxSpace < count)
        {
            TxCsb.WriteApplNeedKick(true);
            Interlocked.MemoryBarrier();
            if (TxSpace < count)
            {
                Assert.True(Attachment.Interrupts[0].Wait(Patience), "no interrupt came");
            }
        }

        TxCsb.WriteApplNeedKick(false);
    }

    /// <summary>Takes one frame and gives its slot back; returns the number in it, after a look at every
    /// byte.</summary>
    internal uint Receive()
    {
        Assert.NotEqual(0u, RxAvailable);
        SlotWord word = Rx.Slots[(int)_rxHead].Word;
        ReadOnlySpan<byte> frame = Attachment.Region.Buffers[word.BufferIndex][..word.Length];
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(frame);
        Assert.Equal(60, frame.Length);
        Assert.Equal(-1, frame[4..].IndexOfAnyExcept((byte)number));
        Skip();
        return number;
    }

    /// <summary>Takes one frame without a kick, so that nobody else moves anything.</summary>
    internal uint ReceiveSilently()
    {
        uint number = BinaryPrimitives.ReadUInt32LittleEndian(Attachment.Region.Buffers[PeekRx.BufferIndex]);
        _rxHead = Rx.Next(_rxHead);
        RxCsb.WriteCurHeadRelease(_rxHead, _rxHead);
        return number;
    }

    /// <summary>Gives the next received slot back, whatever is in it.</summary>
    internal void Skip()
    {
        _rxHead = Rx.Next(_rxHead);
        RxCsb.WriteCurHeadRelease(_rxHead, _rxHead);
        Interlocked.MemoryBarrier();
        if (RxCsb.ReadKernNeedKick())
        {
            Attachment.Kicks[_rxIndex].Signal();
        }
    }

    /// <summary>The flags and length of the next received slot.</summary>
    internal SlotWord PeekRx => Rx.Slots[(int)_rxHead].Word;

    private void Publish() => TxCsb.WriteCurHeadRelease(_txHead, _txHead);
}
