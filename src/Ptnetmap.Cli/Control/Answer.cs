namespace Ptnetmap.Cli.Control;

/// <summary>What the daemon answered.</summary>
/// <param name="Json">As it came.</param>
/// <param name="ForPeople">Writes it for people.</param>
internal sealed record Answer(string Json, Action<TextWriter> ForPeople)
{
    internal static Answer Done(string line) => new("{}", output => output.WriteLine(line));
}
