using Ptnetmap.Client;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Traffic.Programs;

/// <summary>Hands every packet of a receive ring to a TAP interface; both have a virtio-net header, or
/// neither.</summary>
public sealed class TapWriter : GuestProgram
{
    private readonly RxRing _rx;
    private readonly TapDevice _tap;
    private readonly ScatterList _pieces = new(NetmapAbi.MaxFragments);
    private GuestCounters _counters;
    private long _refused;

    /// <summary>Makes one.</summary>
    public TapWriter(RxRing rx, TapDevice tap)
    {
        _rx = rx;
        _tap = tap;
    }

    /// <summary>Packets that the kernel did not take: the interface is down, or they are none.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <inheritdoc/>
    public override GuestCounters Counters
    {
        get
        {
            GuestCounters counters = _counters;
            counters.Add(_rx);
            return counters;
        }
    }

    /// <inheritdoc/>
    public override bool Step()
    {
        if (_rx.Available == 0 && _rx.Refresh() == 0)
        {
            return false;
        }

        long before = _counters.Packets + _refused;
        while (_rx.Available != 0 && TakePacket())
        {
        }

        _rx.Publish();
        bool progress = _counters.Packets + _refused != before;
        _counters.Batches += progress ? 1 : 0;
        return progress;
    }

    /// <inheritdoc/>
    public override void Wait(TimeSpan timeout)
    {
        // A packet whose end has not come yet is no reason to look again at once.
        if (_rx.Available == 0)
        {
            _ = _rx.WaitForPackets(timeout);
        }
        else
        {
            _rx.PublishAndAssist();
            _ = _rx.Channel.WaitInterrupt([_rx.CsbIndex], timeout < Look && timeout >= TimeSpan.Zero ? timeout : Look);
            _ = _rx.Refresh();
        }
    }

    /// <inheritdoc/>
    public override void Wake() => _rx.Channel.Wake(_rx.CsbIndex);

    private static TimeSpan Look => TimeSpan.FromMilliseconds(1);

    private bool TakePacket()
    {
        if (!_rx.Slot(0).Has(SlotFlags.MoreFragments))
        {
            Write(_rx.Frame(0));
            _rx.Release(1);
            return true;
        }

        uint slots = PacketFragments.CountSlots(_rx);
        bool whole = slots != 0 && TryGather(slots);

        // The end of a packet of more slots than the ring shows never comes.
        if (slots == 0 && _rx.Available == _rx.SlotCount - 1)
        {
            slots = _rx.Available;
        }

        if (slots != 0)
        {
            Count(whole && _tap.Write(_pieces) == TapResult.Done, _pieces.Bytes);
            _rx.Release(slots);
        }

        return slots != 0;
    }

    // The kernel takes the packet from where the port put it.
    private bool TryGather(uint slots)
    {
        _pieces.Clear();
        for (uint i = 0; i < slots && slots <= _pieces.Capacity; i++)
        {
            ReadOnlySpan<byte> fragment = _rx.Frame(i);
            if (fragment.IsEmpty)
            {
                return false;
            }

            _pieces.Add(fragment);
        }

        return _pieces.Count == slots && _pieces.Bytes <= TapReader.MostBytes;
    }

    private void Write(ReadOnlySpan<byte> packet) => Count(!packet.IsEmpty && _tap.TryWrite(packet), packet.Length);

    private void Count(bool taken, int bytes)
    {
        if (taken)
        {
            _counters.Packets++;
            _counters.Bytes += bytes - _tap.VnetHeaderLength;
        }
        else
        {
            _refused++;
        }
    }
}
