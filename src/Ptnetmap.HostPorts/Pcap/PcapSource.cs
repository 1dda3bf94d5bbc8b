using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>A capture file as the source of a receive ring. A timer says when the next frame is due; replayed as fast
/// as frames are taken, it is always due. A port without an input has one whose timer never fires.</summary>
internal sealed class PcapSource : RxSource, IDisposable
{
    private const long AtOnce = 1;

    // A hundred years, in nanoseconds: the timer takes no more than a long.
    private const long LongestWait = 100L * 365 * 24 * 3600 * 1_000_000_000;

    private readonly TimerFd _due = new();
    private readonly CaptureFeed? _feed;
    private readonly bool _recordedTimes;
    private long _loopsDone;
    private Int128? _firstCaptured;
    private long _begun;
    private volatile bool _finished;

    internal PcapSource(PcapPortOptions options, CaptureFiles files)
    {
        _recordedTimes = options.RecordedTimes;
        _finished = options.Input is null;
        if (!_finished)
        {
            _feed = new CaptureFeed(options.Loops, Wake);
            (CaptureReader reader, IDisposable claim) = files.TakeInput();
            try
            {
                _feed.Start(reader, claim);
            }
            catch
            {
                _due.Dispose();
                throw;
            }

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
    internal string? Failure => _feed?.Failure;

    /// <summary>What was to be replayed has no packets.</summary>
    internal bool IsEmpty => _feed?.IsEmpty is true;

    /// <summary>Frames that were read and are not Ethernet's.</summary>
    internal long LeftOut => _feed?.LeftOut ?? 0;

    /// <inheritdoc/>
    public override SyncStatus RxSync(Kring rx, uint budget)
    {
        uint moved = 0;
        while (moved < budget)
        {
            if (!TryNext() || (_recordedTimes && !IsDue()))
            {
                return SyncStatus.Dry;
            }

            int length = _feed!.Frames.Frame.Length;
            uint slots = FrameWriter.SlotsFor(length, rx.Buffers.BufferSize);
            if (length < Ethernet.HeaderLength || slots > TxPacket.MaxSlots)
            {
                rx.Counters.Drops.Add(length < Ethernet.HeaderLength ? DropReason.Runt : DropReason.Oversize);
                GoOn();
                moved++;
                continue;
            }

            if (rx.Free < slots)
            {
                return SyncStatus.Blocked;
            }

            if (!FrameWriter.TryPut(rx, _feed.Frames.Frame))
            {
                rx.Counters.Drops.Add(DropReason.BadReceiverSlot);
            }

            GoOn();
            moved += slots;
        }

        return SyncStatus.More;
    }

    public void Dispose()
    {
        _feed?.Dispose();
        _due.Dispose();
    }

    private void GoOn()
    {
        _feed!.Frames.Advance();
        _feed.Freed();
    }

    // Goes on to the next frame, if it has been read.
    private bool TryNext()
    {
        while (!_finished)
        {
            if (!_feed!.Frames.TryPeek(out int length))
            {
                // The timer is unset first: the thread may set it as soon as it is asked.
                _ = _due.TryConsume();
                if (_feed.TryAskForMore())
                {
                    return false;
                }

                _due.Set(AtOnce);
            }
            else if (length >= 0)
            {
                BeginAt(_feed.Frames.Nanoseconds);
                return true;
            }
            else
            {
                EndRound(isLast: length == FrameQueue.End);
            }
        }

        return false;
    }

    private void BeginAt(Int128? time)
    {
        if (_firstCaptured is null && time is not null)
        {
            _firstCaptured = time;
            _begun = LinuxThread.MonotonicNanoseconds;
        }
    }

    private void EndRound(bool isLast)
    {
        GoOn();
        _firstCaptured = null;
        if (isLast)
        {
            _finished = true;
            _ = _due.TryConsume();
        }
        else
        {
            Volatile.Write(ref _loopsDone, _loopsDone + 1);
        }
    }

    // A file whose times go back is replayed without waiting there, and so are frames before the first that has a time.
    private bool IsDue()
    {
        Int128 distance = (_feed!.Frames.Nanoseconds - _firstCaptured) ?? 0;
        long wait = (long)Int128.Clamp(_begun + distance - LinuxThread.MonotonicNanoseconds, 0, LongestWait);
        if (wait == 0)
        {
            return true;
        }

        _ = _due.TryConsume();
        _due.Set(wait);
        return false;
    }

    // By the thread that reads, which may outlive the port: its number may be another file's then.
    private void Wake()
    {
        if (_due.Descriptor.TryHold())
        {
            _due.Set(AtOnce);
            _due.Descriptor.LetGo();
        }
    }
}
