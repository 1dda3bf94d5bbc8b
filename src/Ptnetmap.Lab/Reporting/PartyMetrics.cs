using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Measuring;

namespace Ptnetmap.Lab.Reporting;

/// <summary>Makes figures of what each guest did.</summary>
public static class PartyMetrics
{
    /// <summary>The word of a role.</summary>
    public static string Word(PartyRole role) => role switch
    {
        PartyRole.Sender => "sender",
        PartyRole.Receiver => "receiver",
        PartyRole.Slow => "slow",
        _ => "stalled",
    };

    /// <summary>Adds them to the figures of a finished run, whose bed is still there. Where senders and receivers do
    /// not come in pairs, what was sent is what the switch took, and each copy of it has to be somewhere.</summary>
    public static RunMetrics Add(RunMetrics metrics, BedRun run, BedSettings settings)
    {
        PartyTraffic[] parties = [.. run.Parties.Select((party, i) => TrafficOf(party, i, run))];
        if (parties.Length == 0)
        {
            return metrics;
        }

        RunMetrics with = metrics with
        {
            Parties = parties,
            SendersMpps = RateSpread.Of(Of(parties, PartyRole.Sender)),
            ReceiversMpps = RateSpread.Of(Of(parties, PartyRole.Receiver)),
        };
        if (settings.Fan is not { } fan)
        {
            return with;
        }

        long unread = parties.Sum(party => party.Unread);
        long copies = metrics.Sent * fan.Copies;
        return with with
        {
            Sent = Of(parties, PartyRole.Sender).Sum(party => party.Packets),
            Lost = Math.Max(0, copies - metrics.Received + (metrics.Duplicated ?? 0)),
            Unread = unread,
            Unaccounted = copies - metrics.Received - unread - metrics.Drops.Values.Sum(),
        };
    }

    /// <summary>Takes those of several runs together.</summary>
    /// <param name="middle">The run that the rates are taken of.</param>
    /// <param name="runs">All of them.</param>
    public static PartyTraffic[]? Sum(IReadOnlyList<PartyTraffic>? middle, IReadOnlyList<RunMetrics> runs) =>
        middle is null ? null : [.. middle.Select((party, i) => party with
        {
            Packets = runs.Sum(run => run.Parties![i].Packets),
            Dropped = runs.Sum(run => run.Parties![i].Dropped),
            Unread = runs.Sum(run => run.Parties![i].Unread),
        })];

    /// <summary>Those with a role.</summary>
    public static IEnumerable<PartyTraffic> Of(IEnumerable<PartyTraffic> parties, PartyRole role) =>
        parties.Where(party => string.Equals(party.Role, Word(role), StringComparison.Ordinal));

    private static PartyTraffic TrafficOf(Party party, int index, BedRun run)
    {
        double seconds = Math.Max(1, run.Closed.Nanoseconds - run.Opened.Nanoseconds) / 1e9;
        long inWindow = run.Closed.Parties[index] - run.Opened.Parties[index];
        return new PartyTraffic(
            party.Name, Word(party.Role), party.Packets, inWindow / seconds / 1e6, party.Dropped, party.Unread);
    }
}
