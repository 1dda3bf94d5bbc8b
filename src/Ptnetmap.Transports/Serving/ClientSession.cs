using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>One client's session: takes messages off a stream, has its protocol handle them, and sends what that
/// replies. It never blocks; whoever owns the stream calls <see cref="Pump"/> when it can be read (or written). All
/// calls are on one thread.</summary>
/// <param name="stream">Where the client is; owned from now on.</param>
/// <param name="protocol">What its messages mean.</param>
public sealed class ClientSession(IMessageStream stream, IProtocol protocol) : IReplies, IDisposable
{
    private const int BrokenPipe = 32;
    private const int PieceOfRest = 4096;

    private readonly MessageReader _reader = new(protocol.Format);
    private readonly List<FileDescriptor> _descriptors = [];
    private readonly LinkedList<OutgoingMessage> _outgoing = new();
    private bool _ended;

    /// <summary>Messages handled so far.</summary>
    public long Messages { get; private set; }

    /// <summary>What it waits for.</summary>
    public SessionState State =>
        _ended ? SessionState.Ended : _outgoing.Count != 0 ? SessionState.Output : SessionState.Input;

    /// <summary>Receives once and handles what is there.</summary>
    /// <returns>What to wait for.</returns>
    public SessionState Pump()
    {
        try
        {
            if (_ended || !Flush() || !HandleAll())
            {
                return State;
            }

            if (_reader.Fill(stream) == 0)
            {
                End("the client has closed the connection");
                return State;
            }

            _ = HandleAll();
        }
        catch (ProtocolException violation)
        {
            End(violation.Message);
        }
        catch (LinuxException broken)
        {
            EndBroken(broken);
        }

        return State;
    }

    /// <summary>Looks whether the client still takes replies. QEMU that has waited too long for one shuts its side of
    /// the connection for reading and sends nothing any more, so that there is no other sign of it. An empty message
    /// makes the kernel tell (<c>EPIPE</c>) and sends nothing.</summary>
    /// <returns>What to wait for.</returns>
    public SessionState Probe()
    {
        try
        {
            if (!_ended)
            {
                _ = stream.TrySend([]);
            }
        }
        catch (LinuxException broken)
        {
            EndBroken(broken);
        }

        return State;
    }

    /// <inheritdoc/>
    public void Send(ReadOnlySpan<byte> message, FileDescriptor? file = null)
    {
        int sent = _outgoing.Count != 0 ? -1 : TrySend(message, file);
        if (sent < message.Length)
        {
            _outgoing.AddLast(new OutgoingMessage(message[Math.Max(sent, 0)..].ToArray(), sent <= 0 ? file : null));
        }
    }

    /// <summary>Ends the session: what is served is let go of, and stays.</summary>
    public void Dispose() => End($"the {protocol.Subject} was taken away");

    // A client that does not read any more, but has not closed, has given up. One that has closed is gone, whether or
    // not it left replies behind.
    private void EndBroken(LinuxException broken)
    {
        bool gaveUp = broken.Errno == BrokenPipe && !HasClosed();
        End(
            gaveUp
                ? $"it gave the {protocol.Subject} up, waiting too long for a reply ({broken.Message})"
                : broken.Message,
            gaveUp);
    }

    private bool HasClosed()
    {
        Span<byte> rest = stackalloc byte[PieceOfRest];
        try
        {
            int count;
            do
            {
                count = stream.TryReceive(rest, _descriptors);
                DropDescriptors();
            }
            while (count > 0);
            return count == 0;
        }
        catch (LinuxException)
        {
            return true;
        }
    }

    private void End(string reason, bool gaveUp = false)
    {
        if (_ended)
        {
            return;
        }

        _ended = true;
        try
        {
            protocol.LetGo(gaveUp);
        }
        finally
        {
            _reader.Dispose();
            DropDescriptors();
            _outgoing.Clear();
            stream.Dispose();
        }

        protocol.Ended(reason);
    }

    // False when a reply found no room: the rest waits, in the buffer.
    private bool HandleAll()
    {
        while (_outgoing.Count == 0 && _reader.TryTake(out ReadOnlySpan<byte> message, _descriptors))
        {
            Messages++;
            try
            {
                protocol.Handle(message, _descriptors, this);
            }
            finally
            {
                DropDescriptors();
            }
        }

        return _outgoing.Count == 0;
    }

    private int TrySend(ReadOnlySpan<byte> message, FileDescriptor? file) =>
        file is null ? stream.TrySend(message) : stream.TrySend(message, file);

    private bool Flush()
    {
        while (_outgoing.First is { Value: OutgoingMessage next })
        {
            int sent = TrySend(next.Bytes.Span, next.Descriptor);
            if (sent < 0)
            {
                return false;
            }

            _outgoing.RemoveFirst();
            if (sent < next.Bytes.Length)
            {
                _outgoing.AddFirst(new OutgoingMessage(next.Bytes[sent..], null));
                return false;
            }
        }

        return true;
    }

    private void DropDescriptors()
    {
        _descriptors.ForEach(descriptor => descriptor.Dispose());
        _descriptors.Clear();
    }
}
