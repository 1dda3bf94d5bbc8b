using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A mistake in a configuration file.</summary>
/// <param name="File">The file.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Text">What is wrong, and what would be right.</param>
public sealed record ConfigProblem(string File, int Line, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Printable.Line(File)}:{Line}: {Text}";
}
