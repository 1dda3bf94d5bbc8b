using Ptnetmap.Linux;

namespace Ptnetmap.HostPorts.Pcap;

/// <summary>Reads a capture ahead on a thread of its own, so that no worker waits for a disk, or for a file system that
/// has stopped to answer. The file stays open, and its claim held, until both the thread has ended and the feed is
/// disposed of: a port is of its file also when it has been read to the end.</summary>
internal sealed class CaptureFeed : IDisposable
{
    private readonly TimeSpan _patience;
    private readonly long _loops;
    private readonly Action _arrived;
    private readonly EventFd _space = new();
    private readonly Thread _thread;
    private CaptureReader _reader = null!;
    private IDisposable _claim = null!;
    private int _holders = 2;
    private int _disposed;
    private int _readerWaits;
    private int _writerWaits;
    private long _leftOut;
    private volatile string? _failure;
    private volatile bool _isEmpty;
    private volatile bool _stop;

    /// <summary>Makes one that reads nothing yet.</summary>
    /// <param name="loops">How often the file is read; 0: for ever.</param>
    /// <param name="arrived">Called by the thread when there is something again, after
    /// <see cref="TryAskForMore"/>.</param>
    /// <param name="patience">How long its end is waited for before the thread is left to itself; null: two
    /// seconds.</param>
    internal CaptureFeed(long loops, Action arrived, TimeSpan? patience = null)
    {
        (_loops, _arrived, _patience) = (loops, arrived, patience ?? TimeSpan.FromSeconds(2));
        _thread = new Thread(Run) { Name = "ptnet-replay", IsBackground = true };
    }

    /// <summary>The frames, in order.</summary>
    internal FrameQueue Frames { get; } = new();

    /// <summary>Where and why the file was not read to its end; null: it was, so far.</summary>
    internal string? Failure => _failure;

    /// <summary>Frames that were read and are not Ethernet's.</summary>
    internal long LeftOut => Volatile.Read(ref _leftOut);

    /// <summary>It was read to its end, and not one packet is in it.</summary>
    internal bool IsEmpty => _isEmpty;

    /// <summary>Begins to read.</summary>
    /// <param name="reader">The file, at its beginning.</param>
    /// <param name="claim">Given back when the file is closed, see above.</param>
    /// <exception cref="LinuxException">There is no room for another thread; the file is closed, and this feed disposed
    /// of.</exception>
    internal void Start(CaptureReader reader, IDisposable claim)
    {
        (_reader, _claim) = (reader, claim);
        try
        {
            _ = LinuxThread.Start(_thread);
        }
        catch
        {
            _disposed = 1;
            _space.Dispose();
            _reader.Dispose();
            _claim.Dispose();
            throw;
        }
    }

    /// <summary>There is nothing in the queue: asks to be told when there is again.</summary>
    /// <returns>False when there is something already.</returns>
    internal bool TryAskForMore()
    {
        // In this order, so that the thread cannot go on waiting for room that was given back.
        Interlocked.Exchange(ref _readerWaits, 1);
        Freed();
        return !Frames.TryPeek(out _);
    }

    /// <summary>Room was given back.</summary>
    internal void Freed()
    {
        if (Volatile.Read(ref _writerWaits) != 0 && Frames.IsHalfEmpty
            && Interlocked.Exchange(ref _writerWaits, 0) != 0)
        {
            _space.Signal();
        }
    }

    /// <summary>Waits until the thread has ended of itself, for tests.</summary>
    internal bool WaitForEnd(TimeSpan patience) => _thread.Join(patience);

    /// <summary>Ends the thread, and waits for it a while.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            return;
        }

        _stop = true;
        _space.Signal();
        _ = _thread.Join(_patience);
        LetGo();
    }

    // By the thread and by who disposes of the feed, whichever is later.
    private void LetGo()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            _reader.Dispose();
            _claim.Dispose();
        }
    }

    private void Run()
    {
        try
        {
            ReadRounds();
            Put(FrameQueue.End);
        }
#pragma warning disable CA1031 // Whatever a file makes of its reader, it ends this replay only.
        catch (Exception refused)
#pragma warning restore CA1031
        {
            _failure ??= refused.Message;
            Put(FrameQueue.End);
        }
        finally
        {
            _space.Dispose();
            LetGo();
        }
    }

    private void ReadRounds()
    {
        for (long round = 1; !_stop; round++)
        {
            long before = _leftOut;
            long frames = 0;
            while (!_stop && _reader.TryRead())
            {
                Put(_reader.Frame.Length);
                frames++;
                Volatile.Write(ref _leftOut, before + _reader.LeftOut);
            }

            Volatile.Write(ref _leftOut, before + _reader.LeftOut);
            Tell(frames);
            _isEmpty = !_stop && round == 1 && frames + _reader.LeftOut == 0;
            Put(FrameQueue.RoundEnd);
            if (round == _loops || frames == 0)
            {
                return;
            }

            _reader.Rewind();
        }
    }

    private void Tell(long frames)
    {
        if (_reader.Damage is { } damage)
        {
            _failure ??= frames == 1
                ? $"{damage}; the frame before it is replayed"
                : $"{damage}; the {frames} frames before it are replayed";
        }
    }

    // A frame when it is not one of the marks.
    private void Put(int mark)
    {
        while (!_stop && !TryPut(mark))
        {
            Interlocked.Exchange(ref _writerWaits, 1);
            if (!Frames.IsHalfEmpty)
            {
                _ = _space.Wait(Timeout.InfiniteTimeSpan);
            }
        }

        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _readerWaits) != 0 && Interlocked.Exchange(ref _readerWaits, 0) != 0)
        {
            _arrived();
        }
    }

    private bool TryPut(int mark) =>
        mark < 0 ? Frames.TryAdd(mark) : Frames.TryAdd(_reader.Frame, _reader.Nanoseconds);
}
