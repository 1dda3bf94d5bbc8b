using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Serving;

/// <summary>Where a protocol's replies go.</summary>
public interface IReplies
{
    /// <summary>Sends a message. What there is no room for waits, and nothing of the client is handled until it is
    /// gone.</summary>
    /// <param name="message">All of it; copied where it has to wait.</param>
    /// <param name="file">A descriptor that goes with it; stays its owner's, who keeps it open meanwhile.</param>
    /// <exception cref="LinuxException">The other side has closed.</exception>
    public void Send(ReadOnlySpan<byte> message, FileDescriptor? file = null);
}
