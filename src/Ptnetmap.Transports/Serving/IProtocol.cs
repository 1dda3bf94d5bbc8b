using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>What is spoken in one session: its state, and what its messages mean. All calls are on the thread of
/// whoever pumps the session, and none may block.</summary>
public interface IProtocol
{
    /// <summary>What is served, in one word, for messages: <c>device</c>.</summary>
    public string Subject { get; }

    /// <summary>How its messages look.</summary>
    public MessageFormat Format { get; }

    /// <summary>Handles one whole message; what it replies goes to <paramref name="replies"/>.</summary>
    /// <param name="message">All of it. Valid until the return, and the client's own no longer: it was copied
    /// here.</param>
    /// <param name="descriptors">What came with it. Those that stay in the list are closed after the return.</param>
    /// <param name="replies">The session that it came in.</param>
    /// <exception cref="ProtocolException">The session has to end; a refusal that need not end it is a
    /// reply.</exception>
    public void Handle(ReadOnlySpan<byte> message, List<FileDescriptor> descriptors, IReplies replies);

    /// <summary>The client is gone, or is cut off: on return nothing that it brought is used any more.</summary>
    /// <param name="gaveUp">It lives, but takes no replies any more.</param>
    public void LetGo(bool gaveUp);

    /// <summary>The session is over, its stream closed; <paramref name="reason"/> says why.</summary>
    public void Ended(string reason);
}
