using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>One socket of a server: what is served there, who waits at its door, and its client when it has one. All
/// but <see cref="RemoveSocket"/> is for the server's thread.</summary>
internal sealed class Endpoint : IDisposable
{
    private readonly Lock _lock = new();
    private readonly ServerParts _parts;
    private readonly string _path;
    private readonly Func<IMessageStream, ClientSession> _open;
    private readonly Guarded _pump;
    private readonly Guarded _reopen;
    private readonly Guarded _lookAfter;
    private readonly UnixSocket _listener;
    private ulong _listenTag;
    private ulong _attentionTag;
    private ulong _sessionTag;
    private SocketStream? _stream;
    private ClientSession? _session;
    private bool _waitsForOutput;
    private bool _hasSocket = true;

    /// <summary>Listens at <paramref name="path"/>; nobody is let in before <see cref="Open"/>.</summary>
    /// <exception cref="LinuxException">The socket cannot be made.</exception>
    internal Endpoint(IServed served, string path, Func<IMessageStream, ClientSession> open, ServerParts parts)
    {
        Served = served;
        _path = path;
        _open = open;
        _parts = parts;
        _pump = new Guarded(Pump, CutOff);
        _reopen = new Guarded(Reopen, CutOff);
        _lookAfter = new Guarded(Probe, CutOff);
        _listener = UnixSocket.Listen(path);
    }

    internal IServed Served { get; }

    /// <summary>Opens the door.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    internal void Open()
    {
        _listenTag = _parts.Thread.Watch(_listener.Descriptor, new Guarded(Accept, CutOff));
        if (Served.Attention is { } attention)
        {
            _attentionTag = _parts.Thread.Watch(attention.Descriptor, new Guarded(Serve, CutOff));
        }
    }

    /// <summary>Cuts the client off and takes the socket away.</summary>
    public void Dispose()
    {
        EndSession();
        if (_parts.Doors.Remove(_reopen))
        {
            _parts.Observer?.Fed(Served);
        }

        _ = _parts.Thread.Forget(_listenTag);
        if (Served.Attention is { } attention)
        {
            _parts.Thread.Unwatch(attention.Descriptor, _attentionTag);
        }

        _listener.Dispose();
        RemoveSocket();
    }

    /// <summary>Looks whether what is served is well and its client still there.</summary>
    internal void LookAfter() => _lookAfter.Run();

    /// <summary>Removes the socket from its directory, once: the name may be another one's afterwards. Any thread may
    /// call it.</summary>
    internal void RemoveSocket()
    {
        lock (_lock)
        {
            if (_hasSocket)
            {
                _hasSocket = false;
                FileRemoval.Remove(_path);
            }
        }
    }

    private void Accept()
    {
        if (TryAccept(out UnixSocket? socket) && socket is not null)
        {
            LetIn(socket);
        }
    }

    // One client at a time. A new one may come before we have seen that the last one died: hence the look.
    private void LetIn(UnixSocket socket)
    {
        if (_session is not null)
        {
            Pump();
        }

        if (_session is not null)
        {
            _parts.Observer?.Refused(Served, $"a second client: the {Served.Subject} has one already");
            socket.Dispose();
            return;
        }

        _stream = new SocketStream(socket);
        try
        {
            _sessionTag = _parts.Thread.Watch(socket.Descriptor, _pump);
            _waitsForOutput = false;
            _session = _open(_stream);
        }
        catch
        {
            EndSession();
            throw;
        }
    }

    // False when the kernel refuses: then there is a pause.
    private bool TryAccept(out UnixSocket? socket)
    {
        try
        {
            socket = _parts.Accept(_listener);
            return true;
        }
        catch (LinuxException refusal)
        {
            socket = null;
            if (_parts.Doors.Add(_reopen))
            {
                _parts.Thread.Pause(_listener.Descriptor);
                _parts.Observer?.Starved(Served, refusal.Message);
            }

            return false;
        }
    }

    // What came while it was closed is let in here; what comes later makes the door readable.
    private void Reopen()
    {
        if (!TryAccept(out UnixSocket? socket))
        {
            return;
        }

        _parts.Thread.Resume(_listener.Descriptor, _listenTag);
        _ = _parts.Doors.Remove(_reopen);
        _parts.Observer?.Fed(Served);
        if (socket is not null)
        {
            LetIn(socket);
        }
    }

    private void Serve()
    {
        Served.Serve();
        Follow();
    }

    private void Pump()
    {
        if (_session is not { } session)
        {
            return;
        }

        long before = session.Messages;
        _ = session.Pump();
        _parts.Messages += session.Messages - before;
        Follow();
    }

    private void Probe()
    {
        if (_session is { } session)
        {
            Served.LookAfter();
            _ = session.Probe();
            Follow();
        }
    }

    // Waits for what the session waits for.
    private void Follow()
    {
        if (_session is not { } session)
        {
            return;
        }

        SessionState state = session.State;
        if (state == SessionState.Ended)
        {
            EndSession();
        }
        else if (_waitsForOutput != (state == SessionState.Output))
        {
            _waitsForOutput = !_waitsForOutput;
            _parts.Thread.WatchInstead(_stream!.Socket.Descriptor, _sessionTag, _waitsForOutput);
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "It is told.")]
    private void CutOff(Exception failure)
    {
        _parts.Observer?.Refused(Served, $"its client is cut off, for the {Served.Subject} failed: {failure.Message}");
        try
        {
            EndSession();
        }
        catch (Exception second)
        {
            _parts.Observer?.Refused(Served, $"the {Served.Subject} could not be put back: {second.Message}");
        }
    }

    private void EndSession()
    {
        ClientSession? session = _session;
        SocketStream? stream = _stream;
        _session = null;
        _stream = null;
        _ = _parts.Thread.Forget(_sessionTag);
        _sessionTag = 0;
        try
        {
            session?.Dispose();
        }
        finally
        {
            stream?.Dispose();
        }
    }
}
