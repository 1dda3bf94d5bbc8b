using Ptnetmap.Lab.Beds;
using Ptnetmap.Linux;

namespace Ptnetmap.Lab.Reporting;

/// <summary>For people: what each guest of many did.</summary>
internal static class PartyText
{
    /// <summary>Who sends to whom, where they do not come in pairs: the begin of a sentence about guests.</summary>
    internal static string WhoOf(BenchReport report)
    {
        if (report.Receivers is not { } receivers)
        {
            return "";
        }

        string slow = report.SlowReceivers > 0 ? $", {report.SlowReceivers} slow ({report.SlowRate}/s)" : "";
        string stalled = report.StalledReceivers > 0 ? $", {report.StalledReceivers} stalled" : "";
        string turn = report.Turn > 1 ? $", in turns of {report.Turn} frames" : "";
        return $"{Quantity.Of(report.Senders, "sender")} to {Quantity.Of(receivers, "receiver")}{slow}{stalled}" +
            $"{(report.Broadcast == true ? ", broadcast" : turn)}, ";
    }

    /// <summary>Ports that only are there.</summary>
    internal static string IdleOf(BenchReport report) =>
        report.IdlePorts > 0 ? $", {Quantity.Of(report.IdlePorts, "idle port")} beside" : "";

    /// <summary>Adds the rates of senders and receivers, where there are several of either.</summary>
    internal static void AddRates(TextTable table, BenchReport report)
    {
        if (report.Parties is not { Count: > 2 } parties)
        {
            return;
        }

        table.Add("senders", SpreadOf(report.SendersMpps, PartyMetrics.Of(parties, PartyRole.Sender).Count()));
        table.Add("receivers", SpreadOf(report.ReceiversMpps, PartyMetrics.Of(parties, PartyRole.Receiver).Count()));
        if (report.Broadcast == true)
        {
            table.Add("copies", $"{report.Mpps:F2} million a second");
        }
    }

    /// <summary>Adds those that do not read as fast as they can.</summary>
    internal static void AddLosses(TextTable table, BenchReport report)
    {
        foreach (PartyTraffic party in (report.Parties ?? []).Where(party => party.Role is "slow" or "stalled"))
        {
            table.Add(
                party.Name,
                $"received {party.Packets}, unread in its ring {party.Unread}, dropped {party.Dropped} (no_space)");
        }
    }

    /// <summary>What adds up.</summary>
    internal static string SumOf(BenchReport report) => report switch
    {
        { Receivers: null } => "received + lost = sent",
        { Broadcast: true } => "received + unread + dropped = copies of what was sent",
        { Unread: > 0 } => "received + unread + dropped = sent",
        _ => "received + dropped = sent",
    };

    private static string SpreadOf(RateSpread? spread, int count) => spread is null
        ? "none"
        : $"{count}, {spread.Sum:F2} Mpps in all, {spread.Min:F2} to {spread.Max:F2} each";
}
