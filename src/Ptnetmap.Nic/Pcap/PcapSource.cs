using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Nic.Pcap;

/// <summary>A capture file as the source of a receive ring. A timer says when the next frame is due; replayed as fast as
/// frames are taken, it is always due. A port without an input has one whose timer never fires.</summary>
internal sealed class PcapSource : RxSource, IDisposable
{
    private const SlotFlags OneFragment = (SlotFlags)(1 << 8);
    private const long AtOnce = 1;

    // A hundred years, in nanoseconds: the timer takes no more than a long.
    private const long LongestWait = 100L * 365 * 24 * 3600 * 1_000_000_000;

    private readonly TimerFd _due = new();
    private readonly CaptureReader? _reader;
    private readonly bool _recordedTimes;
    private readonly long _loops;
    private bool _hasFrame;
    private bool _sawFrame;
    private long _loopsDone;
    private long _leftOut;
    private long _leftOutBefore;
    private long _frames;
    private Int128? _firstCaptured;
    private long _begun;
    private volatile bool _finished;
    private volatile string? _failure;

    internal PcapSource(PcapPortOptions options)
    {
        _recordedTimes = options.RecordedTimes;
        _loops = options.Loops;
        _reader = options.Input is { } file ? CaptureReader.Open(file) : null;
        _reader?.RefuseUseless();
        _finished = _reader is null;
        if (!_finished)
        {
            _due.Set(AtOnce);
        }
    }

    /// <inheritdoc/>
    public override FileDescriptor Descriptor => _due.Descriptor;

    /// <inheritdoc/>
    public override bool IsGone => _finished;

    /// <summary>True when nothing is left to replay.</summary>
    internal bool IsFinished => _finished;

    /// <summary>Times that the whole file was replayed.</summary>
    internal long LoopsDone => Volatile.Read(ref _loopsDone);

    /// <summary>Where and why the file was not read to its end; null: it was, so far.</summary>
    internal string? Failure => _failure;

    /// <summary>Frames that were read and are not Ethernet's.</summary>
    internal long LeftOut => Volatile.Read(ref _leftOut);

    /// <inheritdoc/>
    public override SyncStatus RxSync(Kring rx, uint budget)
    {
        uint moved = 0;
        while (moved < budget)
        {
            if (!_hasFrame && !TryNext())
            {
                return SyncStatus.Dry;
            }

            if (_recordedTimes && !IsDue())
            {
                return SyncStatus.Dry;
            }

            int length = _reader!.Frame.Length;
            uint size = rx.Buffers.BufferSize;
            uint slots = ((uint)length + size - 1) / size;
            if (length < 14 || slots > TxPacket.MaxSlots)
            {
                rx.Counters.Drops.Add(length < 14 ? DropReason.Runt : DropReason.Oversize);
                _hasFrame = false;
                moved++;
                continue;
            }

            if (rx.Free < slots)
            {
                return SyncStatus.Blocked;
            }

            Put(rx, _reader.Frame, slots);
            _hasFrame = false;
            moved += slots;
        }

        return SyncStatus.More;
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _due.Dispose();
    }

    // A user that overwrote the index of a slot that was not its own gets that slot back empty, and its packet is lost.
    private static void Put(Kring rx, ReadOnlySpan<byte> frame, uint slots)
    {
        uint at = rx.Claimed;
        bool spoiled = false;
        for (uint i = 0; i < slots; i++)
        {
            ref NetmapSlot slot = ref rx.Ring.Slots[(int)at];
            uint index = slot.BufferIndex;
            ReadOnlySpan<byte> part = frame[..Math.Min(frame.Length, (int)rx.Buffers.BufferSize)];
            frame = frame[part.Length..];
            if (rx.Buffers.IsValid(index))
            {
                part.CopyTo(rx.Buffers[index]);
                SlotFlags more = frame.IsEmpty ? SlotFlags.None : SlotFlags.MoreFragments;
                slot.Word = new SlotWord(index, (ushort)part.Length, (SlotFlags)(slots * (uint)OneFragment) | more);
                rx.Counters.Bytes += part.Length;
            }
            else
            {
                slot.Word = new SlotWord(index, 0, SlotFlags.None);
                spoiled = true;
            }

            at = rx.Ring.Next(at);
        }

        rx.Fill(slots, slots);
        rx.Counters.Packets += spoiled ? 0 : 1;
        rx.Counters.AddSpoiled(spoiled ? 1 : 0);
        if (spoiled)
        {
            rx.Counters.Drops.Add(DropReason.BadReceiverSlot);
        }
    }

    private bool TryNext()
    {
        if (_finished)
        {
            return false;
        }

        if (TryRead() || TryRewind())
        {
            return true;
        }

        _finished = true;
        _ = _due.TryConsume();
        return false;
    }

    private bool TryRead()
    {
        bool isFrame = _reader!.TryRead();
        Volatile.Write(ref _leftOut, _leftOutBefore + _reader.LeftOut);
        if (!isFrame)
        {
            _failure ??= _reader.Damage is { } damage ? Told(damage) : null;
            return false;
        }

        _frames++;
        _sawFrame = true;
        if (_firstCaptured is null && _reader.Nanoseconds is { } first)
        {
            _firstCaptured = first;
            _begun = LinuxThread.MonotonicNanoseconds;
        }

        _hasFrame = true;
        return true;
    }

    private bool TryRewind()
    {
        Volatile.Write(ref _loopsDone, _loopsDone + 1);
        if (_loopsDone == _loops || !_sawFrame)
        {
            return false;
        }

        (_sawFrame, _firstCaptured, _frames, _leftOutBefore) = (false, null, 0, _leftOut);
        return TryBeginAgain() && TryRead();
    }

    private string Told(string damage) =>
        _frames == 1 ? $"{damage}; the frame before it is replayed" : $"{damage}; the {_frames} frames before it are replayed";

    private bool TryBeginAgain()
    {
        try
        {
            _reader!.Rewind();
            return true;
        }
        catch (IOException refused)
        {
            _failure ??= refused.Message;
            return false;
        }
    }

    // A file whose times go back is replayed without waiting there, and so are frames before the first that has a time.
    private bool IsDue()
    {
        Int128 distance = (_reader!.Nanoseconds - _firstCaptured) ?? 0;
        long wait = (long)Int128.Clamp(_begun + distance - LinuxThread.MonotonicNanoseconds, 0, LongestWait);
        if (wait == 0)
        {
            return true;
        }

        _ = _due.TryConsume();
        _due.Set(wait);
        return false;
    }
}
