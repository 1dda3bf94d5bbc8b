namespace Ptnetmap.Linux.Net;

/// <summary>Hears of every change of an interface in one network namespace (<c>RTMGRP_LINK</c>): that of the thread
/// that made this object. One thread at a time.</summary>
public sealed class LinkEvents : IDisposable
{
    private const uint LinkGroup = 1;
    private const ushort NewLink = 16;
    private const ushort DeleteLink = 17;

    private readonly NetlinkSocket _socket = new(LinkGroup, nonBlocking: true);
    private readonly byte[] _buffer = new byte[NetlinkSocket.ReceiveSize];
    private readonly Queue<LinkEvent> _events = new();

    /// <summary>Readable (epoll) when something happened; then call <see cref="TryRead"/> until it has no
    /// more.</summary>
    public FileDescriptor Descriptor => _socket.Descriptor;

    /// <summary>The next event; does not wait.</summary>
    /// <returns>False when there is none.</returns>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public bool TryRead(out LinkEvent happened)
    {
        while (_events.Count == 0)
        {
            int count = _socket.TryReceive(_buffer, out bool lost);
            if (lost)
            {
                _events.Enqueue(new LinkEvent(LinkEventKind.Lost, null));
            }
            else if (count <= 0)
            {
                happened = default;
                return false;
            }

            Take(_buffer.AsSpan(0, Math.Max(count, 0)));
        }

        happened = _events.Dequeue();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private void Take(ReadOnlySpan<byte> messages)
    {
        while (NetlinkSocket.TryNext(ref messages, out ushort type, out _, out _, out ReadOnlySpan<byte> body))
        {
            if (type is NewLink or DeleteLink && LinkInfo.TryParse(body) is { } link)
            {
                _events.Enqueue(new LinkEvent(type == NewLink ? LinkEventKind.Changed : LinkEventKind.Gone, link));
            }
        }
    }
}
