namespace Ptnetmap.Daemon.Configuration;

/// <summary>The daemon does not do what it was asked to; the message says why and what to do instead.</summary>
public sealed class RefusalException : Exception
{
    /// <summary>Makes one.</summary>
    public RefusalException(RefusalKind kind, string message) : base(message) => Kind = kind;

    /// <summary>Makes one with a cause.</summary>
    public RefusalException(RefusalKind kind, string message, Exception cause) : base(message, cause) => Kind = kind;

    /// <summary>Makes one of the faults of a request's settings.</summary>
    public RefusalException(IReadOnlyList<Fault> faults) : base(string.Join("; ", faults))
    {
        Kind = RefusalKind.Invalid;
        Faults = faults;
    }

    /// <summary>Makes one with a free text.</summary>
    public RefusalException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a free text and a cause.</summary>
    public RefusalException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public RefusalException()
    {
    }

    /// <summary>Why.</summary>
    public RefusalKind Kind { get; }

    /// <summary>The settings that are wrong, when it is that.</summary>
    public IReadOnlyList<Fault> Faults { get; } = [];
}
