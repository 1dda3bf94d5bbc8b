namespace Ptnetmap.Daemon.Api;

/// <summary>What the API's description says of a member of a report besides its type.</summary>
/// <param name="words">The words that it may be, or that may be in it; none: any.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SchemaAttribute(params string[] words) : Attribute
{
    /// <summary>The words that it may be.</summary>
    public IReadOnlyList<string> Words => words;

    /// <summary>What it is; empty: its name says it.</summary>
    public string Help { get; init; } = "";
}
