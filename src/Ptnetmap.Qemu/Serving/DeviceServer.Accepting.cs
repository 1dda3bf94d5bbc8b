using Ptnetmap.Linux;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Serving;

/// <content>How clients come in. Without a descriptor for the next one, its connection would stay at the door, and the door
/// readable: so it is not looked at for a while.</content>
public sealed partial class DeviceServer
{
    // Until a door is tried again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly TimeProvider _clock;
    private readonly Func<UnixSocket, UnixSocket?> _accept;
    private readonly List<Endpoint> _paused = [];
    private long _pausedAt;

    // One client at a time. A new one may come before we have seen that the last one died: hence the look.
    private void Accept(Endpoint endpoint)
    {
        if (TryAccept(endpoint, out UnixSocket? socket) && socket is not null)
        {
            LetIn(endpoint, socket);
        }
    }

    private void LetIn(Endpoint endpoint, UnixSocket socket)
    {
        if (endpoint.Session is not null)
        {
            Pump(endpoint);
        }

        if (endpoint.Session is not null)
        {
            _observer?.Refused(endpoint.Device, "a second client: the device has one already");
            socket.Dispose();
            return;
        }

        try
        {
            endpoint.SessionTag = Watch(endpoint, socket.Descriptor);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        endpoint.Stream = new SocketStream(socket);
        endpoint.WaitsForOutput = false;
        endpoint.Session = new Session(endpoint.Stream, endpoint.Device, _observer);
    }

    // False when the kernel refuses: then there is a pause.
    private bool TryAccept(Endpoint endpoint, out UnixSocket? socket)
    {
        try
        {
            socket = _accept(endpoint.Listener);
            return true;
        }
        catch (LinuxException refusal)
        {
            socket = null;
            if (!_paused.Contains(endpoint))
            {
                _epoll.Unwatch(endpoint.Listener.Descriptor);
                _paused.Add(endpoint);
                _observer?.Starved(endpoint.Device, refusal.Message);
            }

            _pausedAt = _clock.GetTimestamp();
            return false;
        }
    }

    private int MillisecondsOfPause() => _paused.Count == 0
        ? -1
        : (int)Math.Clamp((Pause - _clock.GetElapsedTime(_pausedAt)).TotalMilliseconds + 1, 0, Pause.TotalMilliseconds);

    private void TryAgain()
    {
        if (_paused.Count == 0 || _clock.GetElapsedTime(_pausedAt) < Pause)
        {
            return;
        }

        _pausedAt = _clock.GetTimestamp();
        foreach (Endpoint endpoint in _paused.ToArray())
        {
            Guard(endpoint, Reopen);
        }
    }

    // What came while it was closed is let in here; what comes later makes the door readable.
    private void Reopen(Endpoint endpoint)
    {
        if (!TryAccept(endpoint, out UnixSocket? socket))
        {
            return;
        }

        _epoll.Watch(endpoint.Listener.Descriptor, endpoint.ListenTag);
        _ = _paused.Remove(endpoint);
        _observer?.Fed(endpoint.Device);
        if (socket is not null)
        {
            LetIn(endpoint, socket);
        }
    }
}
