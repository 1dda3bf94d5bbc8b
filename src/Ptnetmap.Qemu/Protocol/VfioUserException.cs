using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>A command that is refused: the client gets the error number, the log the text.</summary>
public sealed class VfioUserException(Errno errno, string message, Exception? cause = null)
    : ProtocolException(message, cause)
{
    /// <summary>Makes one for an invalid command.</summary>
    public VfioUserException(string message, Exception? cause = null) : this(Errno.Invalid, message, cause)
    {
    }

    /// <summary>What the client is told.</summary>
    public Errno Errno => errno;

    /// <summary>Every client asks for it, and expects to be refused: nothing for the log.</summary>
    public bool IsUsual { get; init; }
}
