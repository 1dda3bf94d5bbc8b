using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A thread that serves the kicks of the rings assigned to it: asleep in one epoll until one comes, then a
/// pass of bounded length for each ring that has work, in turn.</summary>
public sealed class Worker : IDisposable
{
    /// <summary>Slots that a ring may move in one turn, before the next ring has its own.</summary>
    public const uint Budget = 4096;

    private const int EventsAtOnce = 64;
    private const int TurnsBetweenLooks = 16;
    private const long LongestBetweenLooks = 50_000;

    // A tag is a ring's place, from 1 on, and in its low bits the cause.
    private const ulong ControlTag = 0;
    private const int CauseBits = 2;

    private readonly Epoll _epoll = new();
    private readonly EventFd _control = new();
    private readonly Lock _lock = new();
    private readonly PassMark _serving;
    private readonly Action<ServedRing> _failed;
    private readonly Thread _thread;
    private readonly ManualResetEventSlim _started = new();
    private readonly int? _cpu;
    private Exception? _pinFailure;
    private ServedRing?[] _rings = new ServedRing?[64];
    private ServedRing[] _polled = [];
    private PassMark? _suspect;
    private volatile bool _stop;
    private long _wakeUps;
    private int _threadId;

    /// <summary>Starts worker number <paramref name="index"/>, bound to <paramref name="cpu"/> if one is
    /// given.</summary>
    /// <param name="index">Its number.</param>
    /// <param name="cpu">The CPU; null leaves that to the scheduler.</param>
    /// <param name="failed">Called when a ring of its stands still for good, by whoever ran the pass.</param>
    /// <exception cref="LinuxException">There is no such CPU, or the process may not use it, or no room for another
    /// thread.</exception>
    public Worker(int index, int? cpu = null, Action<ServedRing>? failed = null)
    {
        Index = index;
        _cpu = cpu;
        _failed = failed ?? (_ => { });
        _serving = new PassMark($"worker {index}");
        _epoll.Watch(_control.Descriptor, ControlTag);
        try
        {
            _thread = LinuxThread.Start(new Thread(Run) { Name = $"ptnet-worker-{index}", IsBackground = true });
        }
        catch
        {
            Close();
            throw;
        }

        _started.Wait();
        if (_pinFailure is { } failure)
        {
            _ = TryEnd(Quiescence.DefaultPatience);
            ExceptionDispatchInfo.Throw(failure);
        }
    }

    /// <summary>Its number.</summary>
    public int Index { get; }

    /// <summary>How often it was woken.</summary>
    public long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>CPU time that it has used; 0 before it runs.</summary>
    public long CpuNanoseconds =>
        Volatile.Read(ref _threadId) is > 0 and int thread ? LinuxThread.CpuNanosecondsOf(thread) : 0;

    /// <summary>Rings that it serves.</summary>
    public int RingCount => _rings.Count(ring => ring is not null);

    /// <summary>True while a pass does not end that it is thought to be in: what it serves waits, until it is
    /// moved.</summary>
    internal bool IsStuck => _serving.IsStuck || Volatile.Read(ref _suspect) is { IsStuck: true };

    /// <summary>Serves <paramref name="ring"/> from now on; takes it from the worker that did before, which may be in a
    /// pass of it, or have a turn for it.</summary>
    /// <exception cref="LinuxException">The kernel watches no more descriptors; nobody serves the ring
    /// then.</exception>
    internal void Add(ServedRing ring)
    {
        Worker? before = ring.Worker;
        before?.Remove(ring);
        lock (_lock)
        {
            int place = Array.IndexOf(_rings, null);
            if (place < 0)
            {
                place = _rings.Length;
                Array.Resize(ref _rings, 2 * place);
            }

            ring.Worker = this;
            Volatile.Write(ref _rings[place], ring);
            try
            {
                Watch(ring, place);
            }
            catch
            {
                Remove(ring);
                throw;
            }
        }

        // What the worker before had still to do, and may never come to.
        (before is null ? _control : ring.Kick).Signal();
    }

    /// <summary>Serves <paramref name="ring"/> no more. Until <see cref="TryAwaitServed"/> it may be at one of its
    /// descriptors.</summary>
    internal void Remove(ServedRing ring)
    {
        lock (_lock)
        {
            if (Array.IndexOf(_rings, ring) is not (>= 0 and int place))
            {
                return;
            }

            // What is not watched (any more) does not keep the rest from being forgotten.
            Volatile.Write(ref _rings[place], null);
            ring.Worker = null;
            _ = _epoll.TryUnwatch(ring.Kick.Descriptor);
            _ = ring.When is { } when && _epoll.TryUnwatch(when.Timer.Descriptor);
            _ = ring.When?.Source is { } source && _epoll.TryUnwatch(source.Descriptor);
            SetPolled();
        }
    }

    /// <summary>On return the worker is at none of the descriptors of rings that were removed before; a pass that
    /// somebody else runs may still be under way.</summary>
    /// <returns>False when it did not come back from what it was at: the descriptors have to stay.</returns>
    internal bool TryAwaitServed(TimeSpan patience)
    {
        Interlocked.MemoryBarrier();
        return Thread.CurrentThread == _thread || _serving.TryAwaitEnd(patience);
    }

    /// <summary>Tells whom it concerns that a ring stands still.</summary>
    internal void Failed(ServedRing ring) => _failed(ring);

    /// <summary>A pass of a ring that it served does not end. It may be another thread that is in it, but who
    /// knows.</summary>
    internal void Suspect(PassMark pass) => Volatile.Write(ref _suspect, pass);

    /// <summary>Watches the source of <paramref name="ring"/> until it fires once, if the ring is this
    /// worker's.</summary>
    internal void WatchOnceMore(ServedRing ring, RxSource source)
    {
        lock (_lock)
        {
            if (Array.IndexOf(_rings, ring) is >= 0 and int place)
            {
                _epoll.WatchOnceMore(source.Descriptor, Tag(place, PassCause.Source));
            }
        }
    }

    /// <summary>Ends the thread. One that hangs in a pass is left behind, with what it uses.</summary>
    public void Dispose() => _ = TryEnd(Quiescence.DefaultPatience);

    /// <summary>Ends the thread.</summary>
    /// <returns>False when it did not end within <paramref name="patience"/>: it is left behind, with what it
    /// uses.</returns>
    public bool TryEnd(TimeSpan patience)
    {
        _stop = true;
        _control.Signal();
        if (!_thread.Join(patience))
        {
            return false;
        }

        Close();
        return true;
    }

    private void Close()
    {
        _epoll.Dispose();
        _control.Dispose();
        _started.Dispose();
    }

    private static ulong Tag(int place, PassCause cause) => ((ulong)(place + 1) << CauseBits) | (ulong)cause;

    private void SetPolled()
    {
        Debug.Assert(_lock.IsHeldByCurrentThread, "two that set the list could lose a ring");
        _polled = [.. _rings.OfType<ServedRing>().Where(ring => ring.When is { State: WakeState.Polling })];
    }

    private void Watch(ServedRing ring, int place)
    {
        _epoll.Watch(ring.Kick.Descriptor, Tag(place, PassCause.Kick));
        if (ring.When is { } when)
        {
            _epoll.Watch(when.Timer.Descriptor, Tag(place, PassCause.Timer));
        }

        // Armed: the loop may have armed it with the worker before, and would not do so again.
        if (ring.When?.Source is { } source)
        {
            _epoll.WatchOnce(source.Descriptor, Tag(place, PassCause.Source));
        }

        SetPolled();
    }

    private void Run()
    {
        Volatile.Write(ref _threadId, LinuxThread.Id);
        if (TryPin())
        {
            ServeRings();
        }
    }

    // Whoever makes the worker is told, on its own thread.
    private bool TryPin()
    {
        try
        {
            if (_cpu is { } cpu)
            {
                LinuxThread.Pin(cpu);
            }
        }
        catch (Exception failure) when (failure is LinuxException or ArgumentOutOfRangeException)
        {
            _pinFailure = failure;
        }

        _started.Set();
        return _pinFailure is null;
    }

    private void ServeRings()
    {
        var events = new EpollEvent[EventsAtOnce];
        var turns = new TurnQueue();
        int look = 0;
        long looked = 0;
        while (!_stop)
        {
            bool busy = turns.Count != 0 || _polled.Length != 0;
            if (!busy || ++look % TurnsBetweenLooks == 0
                || LinuxThread.MonotonicNanoseconds - looked > LongestBetweenLooks)
            {
                Sleep(events, busy, turns);
                looked = LinuxThread.MonotonicNanoseconds;
            }

            for (int left = turns.Count; left > 0; left--)
            {
                ServedRing ring = turns.Dequeue();
                if (ring.Serve(PassCause.Turn, this, alone: false))
                {
                    turns.Enqueue(ring);
                }
            }

            foreach (ServedRing ring in _polled)
            {
                _ = ring.Serve(PassCause.Turn, this, alone: false);
            }
        }
    }

    private void Sleep(EpollEvent[] events, bool busy, TurnQueue turns)
    {
        int count = _epoll.Wait(events, busy ? 0 : -1);
        _wakeUps += busy ? 0 : 1;
        _serving.Begin();
        for (int i = 0; i < count; i++)
        {
            Serve(events[i].Tag, alone: count == 1 && !busy, turns);
        }

        _serving.End();
    }

    private void Serve(ulong tag, bool alone, TurnQueue turns)
    {
        if (tag == ControlTag)
        {
            _ = _control.TryConsume();
            return;
        }

        ServedRing? ring = Volatile.Read(ref _rings[(int)(tag >> CauseBits) - 1]);
        if (ring is not null && ring.Serve((PassCause)(tag & ((1 << CauseBits) - 1)), this, alone))
        {
            turns.Enqueue(ring);
        }
    }
}
