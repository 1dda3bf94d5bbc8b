namespace Ptnetmap.Linux;

/// <summary>Something could not be taken down; everything else was.</summary>
/// <param name="failures">All that failed, at least one.</param>
public sealed class TeardownException(IReadOnlyList<TeardownFailure> failures)
    : IOException($"not all could be taken down: {string.Join("; ", failures)}", failures[0].Failure)
{
    /// <summary>What failed, in order.</summary>
    public IReadOnlyList<TeardownFailure> Failures { get; } = [.. failures];
}
