using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>A stream of bytes that carries file descriptors and never blocks: a unix socket, or a pair in
/// memory.</summary>
public interface IMessageStream : IDisposable
{
    /// <summary>Receives what is there, into <paramref name="data"/>; the descriptors that come with it belong to the
    /// last message that starts in it.</summary>
    /// <returns>Bytes; 0 when the other side has closed, -1 when nothing is there now.</returns>
    public int TryReceive(Span<byte> data, ICollection<FileDescriptor> descriptors);

    /// <summary>Sends as much as there is room for; the descriptors go with the first byte.</summary>
    /// <returns>Bytes; -1 when there is no room now.</returns>
    public int TrySend(ReadOnlySpan<byte> data, params ReadOnlySpan<FileDescriptor> descriptors);
}
