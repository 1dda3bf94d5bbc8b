using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <summary>Serves devices to vfio-user clients (QEMU): a listening unix socket a device in one directory, and one thread
/// for all of them, apart from the packet workers. The thread sleeps in epoll and never blocks elsewhere: a client that
/// does not read its replies is not read from, and the others do not notice. What a client's messages cost is taken from its
/// thread's time, so devices of those who do not trust each other belong to servers of their own.</summary>
public sealed partial class DeviceServer : IDisposable
{
    private const ulong ControlTag = 0;
    private const int EventsAtOnce = 64;

    // Stopping a device waits for passes, 5 s at most; less than a change of the daemon waits for the one before it.
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(8);

    private readonly TimeSpan _patience;
    private readonly ConcurrentDictionary<PciDevice, Endpoint> _named = new();
    private readonly Epoll _epoll;
    private readonly EventFd _control;
    private readonly ConcurrentQueue<Action> _orders = new();
    private readonly Dictionary<ulong, Endpoint> _byTag = [];
    private readonly List<Endpoint> _endpoints = [];
    private readonly ISessionObserver? _observer;
    private readonly Thread _thread;
    private ulong _nextTag = 1;
    private long _wakeUps;
    private long _messages;
    private volatile bool _isStuck;
    private volatile bool _stop;
    private bool _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="directory">Where the sockets are made; it is there already and should be the owner's alone (0700).</param>
    /// <param name="observer">Learns what clients do.</param>
    /// <param name="patience">How long the thread is waited for; null: 8 s.</param>
    /// <exception cref="LinuxException">There is no descriptor left, or no room for another thread.</exception>
    public DeviceServer(string directory, ISessionObserver? observer = null, TimeSpan? patience = null)
        : this(directory, observer, TimeProvider.System, listener => listener.TryAccept(), patience)
    {
    }

    /// <summary>Starts the thread, with a clock and a way to accept clients that a test chooses.</summary>
    internal DeviceServer(
        string directory, ISessionObserver? observer, TimeProvider clock, Func<UnixSocket, UnixSocket?> accept, TimeSpan? patience = null)
    {
        _patience = patience ?? UsualPatience;
        Directory = directory;
        _observer = observer;
        _clock = clock;
        _accept = accept;
        _epoll = new Epoll();
        try
        {
            _control = new EventFd();
            _epoll.Watch(_control.Descriptor, ControlTag);
            _thread = LinuxThread.Start(new Thread(Run) { Name = "ptnet-devices", IsBackground = true });
        }
        catch
        {
            _control?.Dispose();
            _epoll.Dispose();
            throw;
        }
    }

    /// <summary>Where the sockets are.</summary>
    public string Directory { get; }

    /// <summary>How often the thread was woken: an idle VM does not wake it.</summary>
    public long WakeUps => Volatile.Read(ref _wakeUps);

    /// <summary>Messages of clients handled so far, of all devices.</summary>
    public long Messages => Volatile.Read(ref _messages);

    /// <summary>The path of a device's socket.</summary>
    public string PathOf(PciDevice device) => Path.Combine(Directory, device.Name + ".sock");

    /// <summary>Serves <paramref name="device"/> from now on.</summary>
    /// <returns>The path of its socket: a client can connect.</returns>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    public string Add(PciDevice device)
    {
        string path = PathOf(device);
        Add(device, path);
        return path;
    }

    /// <summary>Serves <paramref name="device"/> from now on, at <paramref name="path"/>, which must not be there yet.</summary>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    public void Add(PciDevice device, string path) =>
        Invoke(() =>
        {
            var endpoint = new Endpoint(device, path, UnixSocket.Listen(path));
            _endpoints.Add(endpoint);
            _named[device] = endpoint;
            try
            {
                endpoint.ListenTag = Watch(endpoint, endpoint.Listener.Descriptor);
                endpoint.AttentionTag = device.Attention is { } attention ? Watch(endpoint, attention.Descriptor) : 0;
            }
            catch
            {
                Close(endpoint);
                throw;
            }
        });

    /// <summary>Serves <paramref name="device"/> no more: its client is cut off, its guest detached, its socket removed. The
    /// device can be disposed of afterwards.</summary>
    public void Remove(PciDevice device) => Invoke(() =>
    {
        if (_endpoints.Find(endpoint => endpoint.Device == device) is { } found)
        {
            Close(found);
        }
    });

    /// <summary>Runs <paramref name="order"/> on the device thread, which alone may touch a device that is served, and
    /// waits for it.</summary>
    /// <exception cref="Exception">What it throws.</exception>
    /// <exception cref="TimeoutException">The thread hangs.</exception>
    [SuppressMessage("Design", "CA1031", Justification = "It is thrown again in the caller's thread.")]
    public void Invoke(Action order)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (Thread.CurrentThread == _thread)
        {
            order();
            return;
        }

        // Nobody waits for one that hangs twice: what it is asked for comes when it comes back.
        var done = new TaskCompletionSource();
        bool isStuck = _isStuck;
        _orders.Enqueue(() =>
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
        _control.Signal();
        if (!((IAsyncResult)done.Task).AsyncWaitHandle.WaitOne(isStuck ? TimeSpan.Zero : _patience))
        {
            _isStuck = true;
            throw new TimeoutException(
                $"the device thread has not answered for {_patience.TotalSeconds:0.###} s; what it was asked for comes when it does");
        }

        done.Task.GetAwaiter().GetResult();
    }

    /// <summary>Leaves a thread that hangs to itself: its sockets' names may be used again.</summary>
    public void Abandon()
    {
        foreach (Endpoint endpoint in _named.Values)
        {
            endpoint.RemoveSocket();
        }
    }

    /// <summary>Has the device thread look after all clients, and does not wait for it: one that has given its device up is cut
    /// off, for it says so in no message, and a device whose memory was taken away stops.</summary>
    public void LookAfter()
    {
        if (_disposed)
        {
            return;
        }

        _orders.Enqueue(() =>
        {
            foreach (Endpoint endpoint in _endpoints.ToArray())
            {
                Guard(endpoint, LookAfter);
            }
        });
        _control.Signal();
    }

    /// <summary>Cuts off all clients and ends the thread. The devices stay their owner's.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        var end = new Teardown();
        Invoke(() =>
        {
            _stop = true;
            _ = end.StepEach(_endpoints.ToArray(), endpoint => $"device {endpoint.Device.Name}", Close);
        });
        _disposed = true;
        end.Step("device thread", Join).Finish();
    }

    private void Join()
    {
        if (!_thread.Join(_patience))
        {
            throw new TimeoutException($"it has not ended for {_patience.TotalSeconds:0.###} s, and is left behind with what it waits on");
        }

        _epoll.Dispose();
        _control.Dispose();
    }

    private void Run()
    {
        var events = new EpollEvent[EventsAtOnce];
        while (!_stop)
        {
            int count = _epoll.Wait(events, MillisecondsOfPause());
            _wakeUps++;
            for (int i = 0; i < count; i++)
            {
                if (events[i].Tag == ControlTag)
                {
                    _ = _control.TryConsume();
                }
                else if (_byTag.TryGetValue(events[i].Tag, out Endpoint? endpoint))
                {
                    ServeGuarded(endpoint, events[i].Tag);
                }
            }

            TryAgain();

            while (_orders.TryDequeue(out Action? order))
            {
                order();
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is told, and costs the client that it came of.")]
    private void ServeGuarded(Endpoint endpoint, ulong tag)
    {
        try
        {
            Serve(endpoint, tag);
        }
        catch (Exception failure)
        {
            CutOff(endpoint, failure);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is told, and costs the client that it came of.")]
    private void Guard(Endpoint endpoint, Action<Endpoint> action)
    {
        try
        {
            action(endpoint);
        }
        catch (Exception failure)
        {
            CutOff(endpoint, failure);
        }
    }

    // Whatever goes wrong while one client is served is that client's end and nobody else's.
    [SuppressMessage("Design", "CA1031", Justification = "It is told.")]
    private void CutOff(Endpoint endpoint, Exception failure)
    {
        _observer?.Refused(endpoint.Device, $"its client is cut off, for the device failed: {failure.Message}");
        try
        {
            EndSession(endpoint);
        }
        catch (Exception second)
        {
            _observer?.Refused(endpoint.Device, $"the device could not be put back: {second.Message}");
        }
    }

    private void LookAfter(Endpoint endpoint)
    {
        if (endpoint.Session is { } session)
        {
            endpoint.Device.LookAfter();
            if (session.Probe() == SessionState.Ended)
            {
                EndSession(endpoint);
            }
        }
    }

    private void Serve(Endpoint endpoint, ulong tag)
    {
        if (tag == endpoint.AttentionTag)
        {
            endpoint.Device.Serve();
        }
        else if (tag == endpoint.SessionTag)
        {
            Pump(endpoint);
        }
        else
        {
            Accept(endpoint);
        }
    }

    private void Pump(Endpoint endpoint)
    {
        Session session = endpoint.Session!;
        long before = session.Messages;
        SessionState state = session.Pump();
        _messages += session.Messages - before;
        if (state == SessionState.Ended)
        {
            EndSession(endpoint);
        }
        else if (endpoint.WaitsForOutput != (state == SessionState.Output))
        {
            endpoint.WaitsForOutput = !endpoint.WaitsForOutput;
            _epoll.WatchInstead(endpoint.Stream!.Socket.Descriptor, endpoint.SessionTag, endpoint.WaitsForOutput);
        }
    }

    private ulong Watch(Endpoint endpoint, FileDescriptor descriptor)
    {
        ulong tag = _nextTag++;
        _epoll.Watch(descriptor, tag);
        _byTag.Add(tag, endpoint);
        return tag;
    }

    // A closed socket leaves the epoll by itself, unless somebody has a copy: nobody has.
    private void EndSession(Endpoint endpoint)
    {
        Session? session = endpoint.Session;
        endpoint.Session = null;
        endpoint.Stream = null;
        _ = _byTag.Remove(endpoint.SessionTag);
        endpoint.SessionTag = 0;
        session?.Dispose();
    }

    private void Close(Endpoint endpoint)
    {
        EndSession(endpoint);
        if (_paused.Remove(endpoint))
        {
            _observer?.Fed(endpoint.Device);
        }

        _ = _byTag.Remove(endpoint.ListenTag);
        if (endpoint.Device.Attention is { } attention && _byTag.Remove(endpoint.AttentionTag))
        {
            _epoll.Unwatch(attention.Descriptor);
        }

        endpoint.Listener.Dispose();
        endpoint.RemoveSocket();
        _ = _named.TryRemove(endpoint.Device, out _);
        _ = _endpoints.Remove(endpoint);
    }
}
