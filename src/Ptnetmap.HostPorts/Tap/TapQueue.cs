using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Tap;

/// <summary>One queue of a TAP interface and the ring pair that it feeds: frames are read straight into the buffers of
/// free slots, and written from those of full ones. Reading and writing may go on at the same time.</summary>
internal sealed class TapQueue : RxSource, IDisposable
{
    // An Ethernet header with two VLAN tags, and one byte more: a frame that fills it all was cut.
    private const int Beyond = Ethernet.HeaderLength + (Ethernet.MaxTags * Ethernet.TagLength) + 1;

    private const TapOffloads All =
        TapOffloads.Checksum | TapOffloads.TcpV4 | TapOffloads.TcpV6 | TapOffloads.TcpEcn;

    private readonly Epoll _watch = new();
    private volatile TapDevice? _device;
    private readonly ScatterList _free = new(TxPacket.MaxSlots + 1);
    private readonly ScatterList _full = new(TxPacket.MaxSlots + 1);

    // The interface always has a virtio-net header before its frames; while the rings have none, it ends here.
    private readonly byte[] _ignored = GC.AllocateArray<byte>(VnetHeader.Length, pinned: true);
    private readonly byte[] _plain = GC.AllocateArray<byte>(VnetHeader.Length, pinned: true);
    private readonly TxPacket _packet = new();
    private readonly uint _bufferSize;
    private readonly ScatterWriter _writer = new();
    private volatile bool _gone;
    private uint _slotsPerFrame = TxPacket.MaxSlots;
    private int _headerLength;

    internal TapQueue(uint bufferSize) => _bufferSize = bufferSize;

    /// <summary>Readable while frames wait, whatever it is connected to.</summary>
    public override FileDescriptor Descriptor => _watch.Descriptor;

    /// <inheritdoc/>
    public override bool IsGone => _gone;

    /// <inheritdoc/>
    public override SyncStatus RxSync(Kring rx, uint budget)
    {
        if (_device is not { } device)
        {
            return SyncStatus.Dry;
        }

        for (uint moved = 0; moved < budget;)
        {
            if (rx.Free < _slotsPerFrame)
            {
                return SyncStatus.Blocked;
            }

            if (!TryGather(rx))
            {
                moved++;
                continue;
            }

            TapResult result = device.Read(_free, out int length);
            if (result != TapResult.Done)
            {
                _gone |= result == TapResult.Gone;
                return SyncStatus.Dry;
            }

            moved += Accept(rx, length);
        }

        return SyncStatus.More;
    }

    /// <summary>Sends up to <paramref name="budget"/> slots; a packet that was begun is finished.</summary>
    internal SyncStatus TxSync(Kring tx, uint budget)
    {
        TapDevice? device = _device;
        uint taken = 0;
        while (taken < budget && tx.Pending != 0)
        {
            if (!_packet.TryTake(tx, _headerLength))
            {
                return SyncStatus.Dry;
            }

            DropReason? reason = _packet.Refusal ?? Send(device, tx);
            if (reason is null)
            {
                tx.Counters.Packets++;
                tx.Counters.Bytes += _packet.Bytes - _headerLength;
            }
            else if (!_packet.IsRest)
            {
                tx.Counters.Drops.Add(reason.Value);
            }

            tx.Complete(_packet.Slots);
            taken += _packet.Slots;
        }

        return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.More;
    }

    /// <summary>Frames in the rings have a virtio-net header of this length from now on, and the kernel leaves to their
    /// reader what that can say. Nobody uses the rings.</summary>
    internal void SetHeader(int length)
    {
        _headerLength = length;
        if (_device is { } device && !_gone)
        {
            SetOffloads(device);
            FitMtu();
        }
    }

    /// <summary>Connects it; it is connected to nothing. The device stays the caller's.</summary>
    /// <exception cref="LinuxException">The interface is gone.</exception>
    internal void Connect(TapDevice device)
    {
        SetOffloads(device);
        _watch.Watch(device.Descriptor, 0);
        _gone = false;
        _device = device;
        FitMtu();
    }

    /// <summary>Makes the device unreachable for passes that begin from now on. Nothing comes until there is another
    /// one.</summary>
    internal void Disconnect()
    {
        if (_device is { } device)
        {
            _gone = true;
            _device = null;
            _watch.Unwatch(device.Descriptor);
        }
    }

    /// <summary>Closes the queue.</summary>
    public void Dispose() => _watch.Dispose();

    /// <summary>The interface's MTU may have been changed by somebody else.</summary>
    internal void FitMtu()
    {
        if (_device is { } device && device.Interface.TryReadMtu(out int mtu))
        {
            uint longest = (uint)(_headerLength == 0 ? mtu : ushort.MaxValue + _headerLength) + Beyond;
            _slotsPerFrame = Math.Min((longest + _bufferSize - 1) / _bufferSize, TxPacket.MaxSlots);
        }
    }

    private void SetOffloads(TapDevice device) => device.SetOffloads(_headerLength == 0 ? TapOffloads.None : All);

    // A user that overwrote the index of a slot that was not its own gets the slots up to there back empty; the frame
    // waits in the kernel meanwhile.
    private bool TryGather(Kring rx)
    {
        _free.Clear();
        if (_headerLength == 0)
        {
            _free.Add(_ignored);
        }

        return _writer.TryOpen(rx, _slotsPerFrame, _free);
    }

    private uint Accept(Kring rx, int length)
    {
        if (length == _free.Bytes)
        {
            rx.Counters.Drops.Add(DropReason.Oversize);
            FitMtu();
            return 1;
        }

        length -= _headerLength == 0 ? VnetHeader.Length : 0;
        uint slots = _writer.Close(rx, (uint)length);
        rx.Counters.Packets++;
        rx.Counters.Bytes += length - _headerLength;
        return slots;
    }

    private DropReason? Send(TapDevice? device, Kring tx)
    {
        if (device is null)
        {
            return DropReason.LinkDown;
        }

        _full.Clear();
        if (_headerLength == 0)
        {
            _full.Add(_plain);
        }

        foreach (SlotWord word in _packet.Words)
        {
            _full.Add(tx.Buffers[word.BufferIndex][..word.Length]);
        }

        TapResult result = device.Write(_full);
        _gone |= result == TapResult.Gone;
        return result switch
        {
            TapResult.Done => null,
            TapResult.NotNow => DropReason.NoSpace,
            TapResult.Refused => DropReason.Refused,
            _ => DropReason.LinkDown,
        };
    }
}
