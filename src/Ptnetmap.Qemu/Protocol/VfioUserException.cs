using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>A command that is refused: the client gets the error number, the log the text.</summary>
public sealed class VfioUserException : ProtocolException
{
    /// <summary>Makes one.</summary>
    public VfioUserException(Errno errno, string message) : base(message) => Errno = errno;

    /// <summary>Makes one with a cause.</summary>
    public VfioUserException(Errno errno, string message, Exception innerException) : base(message, innerException) =>
        Errno = errno;

    /// <summary>Makes one for an invalid command.</summary>
    public VfioUserException(string message) : base(message) => Errno = Errno.Invalid;

    /// <summary>Makes one for an invalid command, with a cause.</summary>
    public VfioUserException(string message, Exception innerException) : base(message, innerException) =>
        Errno = Errno.Invalid;

    /// <summary>What the client is told.</summary>
    public Errno Errno { get; }

    /// <summary>Every client asks for it, and expects to be refused: nothing for the log.</summary>
    public bool IsUsual { get; init; }
}
