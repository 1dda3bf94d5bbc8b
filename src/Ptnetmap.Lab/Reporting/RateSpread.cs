namespace Ptnetmap.Lab.Reporting;

/// <summary>How even the rates of several guests are, in millions of frames a second.</summary>
/// <param name="Sum">All together.</param>
/// <param name="Min">The slowest.</param>
/// <param name="Max">The fastest.</param>
public sealed record RateSpread(double Sum, double Min, double Max)
{
    /// <summary>That of some guests; null when there are none.</summary>
    public static RateSpread? Of(IEnumerable<PartyTraffic> parties)
    {
        double[] rates = [.. parties.Select(party => party.Mpps)];
        return rates.Length == 0 ? null : new RateSpread(rates.Sum(), rates.Min(), rates.Max());
    }
}
