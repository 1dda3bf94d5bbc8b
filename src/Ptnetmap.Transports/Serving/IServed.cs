using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>What a server serves at one socket, to one client at a time. The methods are called on the server's thread
/// and must not block.</summary>
public interface IServed
{
    /// <summary>Its name, for messages.</summary>
    public string Name { get; }

    /// <summary>What it is, for the log: <c>ptnet</c>, <c>memdev</c>.</summary>
    public string Kind { get; }

    /// <summary>The same in one word of plain English, for messages: <c>device</c>.</summary>
    public string Subject { get; }

    /// <summary>True when its last client has given it up: it lives, but waited too long for a reply, and does not come
    /// back.</summary>
    public bool IsGivenUp { get; }

    /// <summary>Readable when <see cref="Serve"/> is to be called; null when it never is.</summary>
    public EventFd? Attention { get; }

    /// <summary>What <see cref="Attention"/> was signalled for.</summary>
    public void Serve();

    /// <summary>Looks whether all is well, now and then while it has a client.</summary>
    public void LookAfter();
}
