using System.Runtime.InteropServices;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>Messages of vfio-user: a <see cref="MessageHeader"/>, which says how long the message is, and a
/// payload.</summary>
public sealed class VfioUserFormat : MessageFormat
{
    /// <summary>Most descriptors of a message (<c>max_msg_fds</c>).</summary>
    public const int MostDescriptors = 16;

    /// <summary>Most bytes of a region's read or write (<c>max_data_xfer_size</c>).</summary>
    public const int MaxTransfer = 8192;

    /// <summary>Most bytes of a message that is taken.</summary>
    public const int MostBytes = 16384;

    private VfioUserFormat()
    {
    }

    /// <summary>The one that all sessions share.</summary>
    public static VfioUserFormat Instance { get; } = new();

    /// <inheritdoc/>
    public override int MaxMessage => MostBytes;

    /// <inheritdoc/>
    public override int MaxDescriptors => MostDescriptors;

    /// <inheritdoc/>
    public override string LimitOfDescriptors => $"{MostDescriptors} were announced (max_msg_fds)";

    /// <inheritdoc/>
    public override int SizeOf(ReadOnlySpan<byte> start)
    {
        if (start.Length < MessageHeader.Size)
        {
            return 0;
        }

        uint size = MemoryMarshal.Read<MessageHeader>(start).MessageSize;
        return size is < MessageHeader.Size or > MostBytes ? -1 : (int)size;
    }

    /// <inheritdoc/>
    public override string Fault(ReadOnlySpan<byte> start) =>
        $"a message says that it has {MemoryMarshal.Read<MessageHeader>(start).MessageSize} bytes; " +
        $"{MessageHeader.Size} to {MostBytes} are taken";
}
