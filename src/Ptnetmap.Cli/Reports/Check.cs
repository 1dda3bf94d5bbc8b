namespace Ptnetmap.Cli.Reports;

/// <summary>One thing of the machine that helps or hinders.</summary>
/// <param name="Name">What was looked at.</param>
/// <param name="Status">How it is.</param>
/// <param name="Finding">What was found.</param>
/// <param name="Remedy">What to do about it; null when nothing.</param>
internal sealed record Check(string Name, CheckStatus Status, string Finding, string? Remedy = null)
{
    internal static Check Good(string name, string finding) => new(name, CheckStatus.Ok, finding);

    /// <summary>It could be better.</summary>
    internal static Check Poor(string name, string finding, string remedy) =>
        new(name, CheckStatus.Warn, finding, remedy);

    /// <summary>It cannot stay so.</summary>
    internal static Check Bad(string name, string finding, string remedy) =>
        new(name, CheckStatus.Fail, finding, remedy);
}
