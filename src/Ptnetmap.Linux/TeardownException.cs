namespace Ptnetmap.Linux;

/// <summary>Something could not be taken down; everything else was.</summary>
public sealed class TeardownException : IOException
{
    /// <summary>Makes one of all that failed, at least one.</summary>
    public TeardownException(IReadOnlyList<TeardownFailure> failures)
        : base($"not all could be taken down: {string.Join("; ", failures)}", failures[0].Failure) => Failures = [.. failures];

    /// <summary>What failed, in order.</summary>
    public IReadOnlyList<TeardownFailure> Failures { get; }
}
