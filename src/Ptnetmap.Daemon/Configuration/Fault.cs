namespace Ptnetmap.Daemon.Configuration;

/// <summary>A setting that is wrong: which one, and what it may be.</summary>
/// <param name="Key">The setting's name in configuration and API.</param>
/// <param name="Text">What is wrong, with the allowed values.</param>
public sealed record Fault(string Key, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Key}: {Text}";
}
