using System.Collections.Concurrent;
using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>Serves clients at unix sockets, whatever they speak: a listening socket for each that is served, one client
/// at a time each, and one thread for all of them, apart from the packet workers. The thread sleeps in epoll and never
/// blocks elsewhere: a client that does not read its replies is not read from, and the others do not notice. What a
/// client's messages cost is taken from its thread's time, so those who do not trust each other belong to servers of
/// their own.</summary>
public sealed class SocketServer : IDisposable
{
    // To let go of a client takes 5 s at most, when passes have to end first; less than a change of the daemon waits
    // for the one before it.
    private static readonly TimeSpan UsualPatience = TimeSpan.FromSeconds(8);

    private readonly ConcurrentDictionary<IServed, Endpoint> _endpoints = new();
    private readonly ServerParts _parts;
    private readonly string _thread;
    private bool _disposed;

    /// <summary>Starts the thread.</summary>
    /// <param name="name">The thread's name for the kernel, at most 15 characters.</param>
    /// <param name="subject">What is served, in one word, for messages: <c>device</c>.</param>
    /// <param name="observer">Learns what clients do.</param>
    /// <param name="patience">How long the thread is waited for; null: 8 s.</param>
    /// <exception cref="LinuxException">There is no descriptor left, or no room for another thread.</exception>
    public SocketServer(string name, string subject, ISessionObserver? observer = null, TimeSpan? patience = null)
        : this(name, subject, observer, TimeProvider.System, listener => listener.TryAccept(), patience)
    {
    }

    /// <summary>Starts the thread, with a clock and a way to accept clients that a test chooses.</summary>
    internal SocketServer(
        string name, string subject, ISessionObserver? observer, TimeProvider clock,
        Func<UnixSocket, UnixSocket?> accept,
        TimeSpan? patience = null)
    {
        var doors = new StarvedDoors(clock);
        _thread = $"{subject} thread";
        _parts =
            new ServerParts(new EventThread(name, _thread, patience ?? UsualPatience, doors), doors, accept, observer);
    }

    /// <summary>How often the thread was woken: idle clients do not wake it.</summary>
    public long WakeUps => _parts.Thread.WakeUps;

    /// <summary>Messages of clients handled so far, of all sockets.</summary>
    public long Messages => _parts.Messages;

    /// <summary>Serves <paramref name="served"/> from now on, at <paramref name="path"/>, which must not be there
    /// yet.</summary>
    /// <param name="served">What is served; one socket each.</param>
    /// <param name="path">Its directory should be the owner's alone (0700): who can connect is served.</param>
    /// <param name="open">Starts the session of a client that has come, on the thread.</param>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    public void Add(IServed served, string path, Func<IMessageStream, ClientSession> open) => Invoke(() =>
    {
        var endpoint = new Endpoint(served, path, open, _parts);
        if (!_endpoints.TryAdd(served, endpoint))
        {
            endpoint.Dispose();
            throw new ArgumentException($"{served.Kind} {served.Name} has a socket already", nameof(served));
        }

        try
        {
            endpoint.Open();
        }
        catch
        {
            Close(endpoint);
            throw;
        }
    });

    /// <summary>Serves it no more: its client is cut off, its socket removed. It can be disposed of
    /// afterwards.</summary>
    public void Remove(IServed served) => Invoke(() =>
    {
        if (_endpoints.TryGetValue(served, out Endpoint? found))
        {
            Close(found);
        }
    });

    /// <summary>Runs <paramref name="order"/> on the thread, which alone may touch what is served, and waits for
    /// it.</summary>
    /// <exception cref="Exception">What it throws.</exception>
    /// <exception cref="TimeoutException">The thread hangs.</exception>
    public void Invoke(Action order)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        _parts.Thread.Invoke(order);
    }

    /// <summary>Leaves a thread that hangs to itself: its sockets' names may be used again.</summary>
    public void Abandon()
    {
        foreach (Endpoint endpoint in _endpoints.Values)
        {
            endpoint.RemoveSocket();
        }
    }

    /// <summary>Has the thread look after all clients, and does not wait for it: one that takes no replies any more is
    /// cut off, for it says so in no message, and what is served looks after itself.</summary>
    public void LookAfter()
    {
        if (_disposed)
        {
            return;
        }

        _parts.Thread.Post(() =>
        {
            foreach (Endpoint endpoint in _endpoints.Values)
            {
                endpoint.LookAfter();
            }
        });
    }

    /// <summary>Cuts off all clients and ends the thread. What is served stays its owner's.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        var end = new Teardown();
        Invoke(() =>
        {
            _parts.Thread.Stop();
            _ = end.StepEach(_endpoints.Values, endpoint => $"{endpoint.Served.Subject} {endpoint.Served.Name}", Close);
        });
        _disposed = true;
        end.Step(_thread, _parts.Thread.Dispose).Finish();
    }

    private void Close(Endpoint endpoint)
    {
        endpoint.Dispose();
        _ = _endpoints.TryRemove(endpoint.Served, out _);
    }
}
