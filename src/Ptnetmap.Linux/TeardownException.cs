namespace Ptnetmap.Linux;

/// <summary>Something could not be taken down; everything else was.</summary>
public sealed class TeardownException : IOException
{
    /// <summary>Makes one of all that failed, at least one.</summary>
    public TeardownException(IReadOnlyList<TeardownFailure> failures)
        : base($"not all could be taken down: {string.Join("; ", failures)}", failures[0].Failure) => Failures = [.. failures];

    /// <summary>Makes one with a free text.</summary>
    public TeardownException(string message) : base(message)
    {
    }

    /// <summary>Makes one with a free text and a cause.</summary>
    public TeardownException(string message, Exception innerException) : base(message, innerException)
    {
    }

    /// <summary>Makes an empty one.</summary>
    public TeardownException()
    {
    }

    /// <summary>What failed, in order.</summary>
    public IReadOnlyList<TeardownFailure> Failures { get; } = [];
}
