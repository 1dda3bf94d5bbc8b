namespace Ptnetmap.Transports.Serving;

/// <summary>How a protocol's stream of bytes is cut into messages, and what a message may bring at most. It has no
/// state: all sessions of a protocol share one.</summary>
public abstract class MessageFormat
{
    /// <summary>Most bytes of a message that is taken.</summary>
    public abstract int MaxMessage { get; }

    /// <summary>Most descriptors that may come with a message.</summary>
    public abstract int MaxDescriptors { get; }

    /// <summary>The limit of descriptors, as a client that passes it is told of.</summary>
    public virtual string LimitOfDescriptors => $"{MaxDescriptors} are taken";

    /// <summary>Bytes of the message that begins at <paramref name="start"/>, which may hold less of it, or
    /// more.</summary>
    /// <returns>1 to <see cref="MaxMessage"/>; 0 while too little of it is there to tell; negative when it cannot be
    /// one, and nothing that follows can be made sense of.</returns>
    public abstract int SizeOf(ReadOnlySpan<byte> start);

    /// <summary>What is wrong where <see cref="SizeOf"/> is negative, for the log.</summary>
    public abstract string Fault(ReadOnlySpan<byte> start);
}
