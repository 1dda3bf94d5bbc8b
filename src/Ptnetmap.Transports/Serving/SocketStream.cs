using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>The stream of a session over a unix socket.</summary>
public sealed class SocketStream : IMessageStream
{
    /// <summary>Takes <paramref name="socket"/> over.</summary>
    public SocketStream(UnixSocket socket) => Socket = socket;

    /// <summary>The socket.</summary>
    public UnixSocket Socket { get; }

    /// <inheritdoc/>
    public int TryReceive(Span<byte> data, ICollection<FileDescriptor> descriptors) =>
        Socket.TryReceive(data, descriptors);

    /// <inheritdoc/>
    public int TrySend(ReadOnlySpan<byte> data, params ReadOnlySpan<FileDescriptor> descriptors) =>
        Socket.TrySend(data, descriptors);

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();
}
