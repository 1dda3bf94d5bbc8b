namespace Ptnetmap.Daemon.Configuration;

/// <summary>Between which numbers a setting is.</summary>
/// <param name="Low">The least.</param>
/// <param name="High">The most.</param>
public readonly record struct NumberLimits(long Low, long High)
{
    /// <summary>True for a number between them.</summary>
    public bool Holds(long value) => value >= Low && value <= High;

    /// <summary>What to say of a number outside.</summary>
    public string Refuse(long value) => $"{value} is outside the limits {Low} to {High}";

    /// <inheritdoc/>
    public override string ToString() => $"a whole number from {Low} to {High}";
}
