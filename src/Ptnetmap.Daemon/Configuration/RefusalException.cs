namespace Ptnetmap.Daemon.Configuration;

/// <summary>The daemon does not do what it was asked to; the message says why and what to do instead.</summary>
/// <param name="kind">Why.</param>
/// <param name="message">The same in words.</param>
/// <param name="cause">What it comes from.</param>
public sealed class RefusalException(RefusalKind kind, string message, Exception? cause = null)
    : Exception(message, cause)
{
    /// <summary>Makes one of the faults of a request's settings.</summary>
    public RefusalException(IReadOnlyList<Fault> faults) : this(RefusalKind.Invalid, string.Join("; ", faults)) =>
        Faults = faults;

    /// <summary>Why.</summary>
    public RefusalKind Kind => kind;

    /// <summary>The settings that are wrong, when it is that.</summary>
    public IReadOnlyList<Fault> Faults { get; } = [];
}
