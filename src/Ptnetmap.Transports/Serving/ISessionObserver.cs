namespace Ptnetmap.Transports.Serving;

/// <summary>Learns what clients do, for the log. Called on the server's thread: must not block.</summary>
public interface ISessionObserver
{
    /// <summary>A client has connected.</summary>
    public void Connected(IServed served);

    /// <summary>The client is gone, or was cut off; <paramref name="reason"/> says why.</summary>
    public void Disconnected(IServed served, string reason);

    /// <summary>The client, or the guest behind it, asked for something that is refused.</summary>
    public void Refused(IServed served, string what);

    /// <summary>No client can be let in for now; <paramref name="reason"/> says why. It is tried again now and
    /// then.</summary>
    public void Starved(IServed served, string reason)
    {
    }

    /// <summary>Clients can be let in again.</summary>
    public void Fed(IServed served)
    {
    }
}
