using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Traffic;

namespace Ptnetmap.Tests.Client;

/// <summary>A host played by hand against the CSB: one port with one ring each way, of which a test decides what the
/// host does when. Buffers go around: what is sent can be moved into the receive ring, as a pipe's partner
/// would.</summary>
internal sealed class HandHost : IDisposable
{
    private readonly PortMemory _port;
    private uint _txTaken;
    private uint _rxFilled;

    internal HandHost(int slots = 64, int bufferSize = 128, Action? assist = null, MemoryRegion? region = null)
    {
        OwnsRegion = region is null;
        Region = region ?? MemoryRegion.Create(new RegionRequest
        {
            Slots = slots,
            BufferSize = bufferSize,
            HugePages = HugePagePolicy.Off,
        });
        _port = PortMemory.Open(Region, "hand", PortShape.Symmetric(1, slots));
        Tx = _port.TxRings[0];
        Rx = _port.RxRings[0];
        TxCsb.WriteHwCurHwTailRelease(0, (uint)slots - 1);
        Channel = new LocalChannel(Region, _port.InterfaceOffset, Csb, Kicks, Interrupts, assist);
    }

    internal MemoryRegion Region { get; }

    internal CsbMemory Csb { get; } = new("hand");

    internal EventFd[] Kicks { get; } = [new(), new()];

    internal EventFd[] Interrupts { get; } = [new(), new()];

    internal LocalChannel Channel { get; }

    internal RingView Tx { get; }

    internal RingView Rx { get; }

    internal long InterfaceOffset => _port.InterfaceOffset;

    internal CsbHostView TxCsb => Csb.Host(0);

    internal CsbHostView RxCsb => Csb.Host(1);

    /// <summary>Slots that the guest handed over and the host has not taken.</summary>
    internal uint Pending => Tx.Distance(_txTaken, TxCsb.ReadHeadAcquire());

    /// <summary>Receive slots that the host may fill.</summary>
    internal uint RxFree => Rx.SlotCount - 1 - Rx.Distance(RxCsb.ReadHeadAcquire(), _rxFilled);

    private bool OwnsRegion { get; }

    internal NetmapPort Open(IdleStrategy? idle = null) => NetmapPort.Open(Channel, idle ?? IdleStrategy.Sleep);

    /// <summary>Takes sent slots and gives them back as free.</summary>
    internal SlotWord[] Take(uint count)
    {
        Assert.InRange(count, 0u, Pending);
        var taken = new SlotWord[count];
        for (uint i = 0; i < count; i++)
        {
            taken[i] = Tx.Slots[(int)Tx.Advance(_txTaken, i)].Word;
        }

        CompleteTx(count);
        return taken;
    }

    /// <summary>Puts a frame into the next receive slot; shown to the guest by <see cref="Show"/>.</summary>
    internal void Fill(ReadOnlySpan<byte> frame, SlotFlags flags = SlotFlags.None)
    {
        Assert.NotEqual(0u, RxFree);
        ref NetmapSlot slot = ref Rx.Slots[(int)_rxFilled];
        frame.CopyTo(Region.Buffers[slot.BufferIndex]);
        slot.Word = new SlotWord(slot.BufferIndex, (ushort)frame.Length, flags);
        _rxFilled = Rx.Next(_rxFilled);
    }

    /// <summary>Fills the next receive slot with a test frame.</summary>
    internal void FillTest(ulong sequence, int length = 60, MacAddress? source = null)
    {
        var buffer = new byte[128];
        new FrameTemplate(length, new(1), source ?? new(2)).Write(buffer, sequence, 0);
        Fill(buffer.AsSpan(0, length));
    }

    /// <summary>Shows the guest what was filled.</summary>
    internal void Show() => RxCsb.WriteHwCurHwTailRelease(RxCsb.ReadHeadAcquire(), _rxFilled);

    /// <summary>Moves what was sent into the receive ring, buffers swapped, as much as there is and fits.</summary>
    internal uint LoopBack()
    {
        uint count = Math.Min(Pending, RxFree);
        for (uint i = 0; i < count; i++)
        {
            ref NetmapSlot source = ref Tx.Slots[(int)Tx.Advance(_txTaken, i)];
            ref NetmapSlot target = ref Rx.Slots[(int)_rxFilled];
            SlotWord from = source.Word;
            source.Word = from.WithBuffer(target.Word.BufferIndex);
            target.Word = from.WithBuffer(from.BufferIndex);
            _rxFilled = Rx.Next(_rxFilled);
        }

        CompleteTx(count);
        Show();
        return count;
    }

    public void Dispose()
    {
        _port.Dispose();
        Csb.Dispose();
        Array.ForEach(Kicks, kick => kick.Dispose());
        Array.ForEach(Interrupts, interrupt => interrupt.Dispose());
        if (OwnsRegion)
        {
            Region.Dispose();
        }
    }

    private void CompleteTx(uint count)
    {
        _txTaken = Tx.Advance(_txTaken, count);
        TxCsb.WriteHwCurHwTailRelease(_txTaken, _txTaken == 0 ? Tx.SlotCount - 1 : _txTaken - 1);
    }
}
