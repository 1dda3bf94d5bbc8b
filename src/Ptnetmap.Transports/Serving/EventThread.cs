using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>One thread that sleeps in epoll, serves what has become readable, and does what others order. All but
/// <see cref="Invoke"/>, <see cref="Post"/> and <see cref="Dispose"/> is for the thread itself.</summary>
internal sealed class EventThread : IDisposable
{
    private const ulong ControlTag = 0;
    private const int EventsAtOnce = 64;

    private readonly string _what;
    private readonly TimeSpan _patience;
    private readonly StarvedDoors _doors;
    private readonly ConcurrentQueue<Action> _orders = new();
    private readonly Dictionary<ulong, Guarded> _watched = [];
    private readonly Epoll _epoll;
    private readonly EventFd _control;
    private readonly Thread _thread;
    private ulong _nextTag = ControlTag + 1;
    private long _wakeUps;
    private volatile bool _isStuck;
    private volatile bool _stop;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">Its name for the kernel.</param>
    /// <param name="what">Its name for messages: <c>device thread</c>.</param>
    /// <param name="patience">How long it is waited for.</param>
    /// <param name="doors">Tried again on it when their time has come.</param>
    /// <exception cref="LinuxException">There is no descriptor left, or no room for another thread.</exception>
    internal EventThread(string name, string what, TimeSpan patience, StarvedDoors doors)
    {
        _what = what;
        _patience = patience;
        _doors = doors;
        _epoll = new Epoll();
        try
        {
            _control = new EventFd();
            _epoll.Watch(_control.Descriptor, ControlTag);
            _thread = LinuxThread.Start(new Thread(Run) { Name = name, IsBackground = true });
        }
        catch
        {
            _control?.Dispose();
            _epoll.Dispose();
            throw;
        }
    }

    internal long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>Runs <paramref name="order"/> on the thread, and waits for it.</summary>
    /// <exception cref="Exception">What it throws.</exception>
    /// <exception cref="TimeoutException">The thread hangs.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again in the caller's thread.")]
    internal void Invoke(Action order)
    {
        if (Thread.CurrentThread == _thread)
        {
            order();
            return;
        }

        // Nobody waits for one that hangs twice: what it is asked for comes when it comes back.
        var done = new TaskCompletionSource();
        bool isStuck = _isStuck;
        Post(() =>
        {
            _isStuck = false;
            try
            {
                order();
                done.SetResult();
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        });
        if (!((IAsyncResult)done.Task).AsyncWaitHandle.WaitOne(isStuck ? TimeSpan.Zero : _patience))
        {
            _isStuck = true;
            throw new TimeoutException(
                $"the {_what} has not answered for " +
                $"{_patience.TotalSeconds:0.###} s; what it was asked for comes when it does");
        }

        done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Has the thread do <paramref name="order"/>, which does not throw, and does not wait for it.</summary>
    internal void Post(Action order)
    {
        _orders.Enqueue(order);
        _control.Signal();
    }

    /// <summary>Watches a descriptor for input from now on.</summary>
    /// <returns>Its tag here.</returns>
    internal ulong Watch(FileDescriptor descriptor, Guarded whenReady)
    {
        Debug.Assert(Thread.CurrentThread == _thread, "what is watched is the thread's own");
        ulong tag = _nextTag++;
        _epoll.Watch(descriptor, tag);
        _watched.Add(tag, whenReady);
        return tag;
    }

    /// <summary>Watches it for room to write, in place of input, or the other way round.</summary>
    internal void WatchInstead(FileDescriptor descriptor, ulong tag, bool output) =>
        _epoll.WatchInstead(descriptor, tag, output);

    /// <summary>Does not look at it for a while; its tag stays.</summary>
    internal void Pause(FileDescriptor descriptor) => _epoll.Unwatch(descriptor);

    /// <summary>Looks at it again.</summary>
    internal void Resume(FileDescriptor descriptor, ulong tag) => _epoll.Watch(descriptor, tag);

    /// <summary>Serves a descriptor no more that is about to be closed: then it leaves the epoll by itself, unless
    /// somebody has a copy.</summary>
    /// <returns>False when it was not watched.</returns>
    internal bool Forget(ulong tag)
    {
        Debug.Assert(Thread.CurrentThread == _thread, "what is watched is the thread's own");
        return _watched.Remove(tag);
    }

    /// <summary>The same for one that stays open.</summary>
    internal void Unwatch(FileDescriptor descriptor, ulong tag)
    {
        if (Forget(tag))
        {
            _epoll.Unwatch(descriptor);
        }
    }

    /// <summary>The thread ends when it has done what was ordered so far.</summary>
    internal void Stop() => _stop = true;

    /// <summary>Waits for the end (<see cref="Stop"/>), and gives back what the thread had.</summary>
    /// <exception cref="TimeoutException">The thread hangs.</exception>
    public void Dispose()
    {
        if (!_thread.Join(_patience))
        {
            throw new TimeoutException(
                $"it has not ended for {_patience.TotalSeconds:0.###} s, and is left behind with what it waits on");
        }

        _epoll.Dispose();
        _control.Dispose();
    }

    private void Run()
    {
        var events = new EpollEvent[EventsAtOnce];
        while (!_stop)
        {
            int count = _epoll.Wait(events, _doors.Milliseconds);
            _wakeUps++;
            for (int i = 0; i < count; i++)
            {
                if (events[i].Tag == ControlTag)
                {
                    _ = _control.TryConsume();
                }
                else if (_watched.TryGetValue(events[i].Tag, out Guarded? watched))
                {
                    watched.Run();
                }
            }

            _doors.TryAgain();

            while (_orders.TryDequeue(out Action? order))
            {
                order();
            }
        }
    }
}
