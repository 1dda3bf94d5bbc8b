namespace Ptnetmap.Linux;

/// <summary>A step of a <see cref="Teardown"/> that failed.</summary>
/// <param name="What">What was to be taken down.</param>
/// <param name="Failure">Why it was not, or not wholly.</param>
public sealed record TeardownFailure(string What, Exception Failure)
{
    /// <inheritdoc/>
    public override string ToString() => $"{What}: {Failure.Message}";
}
