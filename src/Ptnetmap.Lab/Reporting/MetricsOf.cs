using Ptnetmap.Daemon.Api;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Reporting;

/// <summary>Makes figures of samples.</summary>
public static class MetricsOf
{
    private const double NanosecondsASecond = 1e9;

    /// <summary>The figures of a finished run.</summary>
    public static RunMetrics Run(BedRun run, BedSettings settings)
    {
        RunMetrics window = Window(run.Opened, run.Closed);
        GuestCounters end = run.Final.Received;
        double[] loss = run.LossSamples.ToArray();

        // Who pings sends and receives: what it has not got back is lost.
        long sent = settings.Ping ? end.Packets + end.Lost : run.Final.Sent.Packets;
        RunMetrics all = window with
        {
            Sent = sent,
            Received = end.Packets,
            Lost = Math.Max(end.Lost, Math.Max(0, sent - (end.Packets - end.Duplicated))),
            Duplicated = settings.Verify ? end.Duplicated : null,
            Reordered = settings.Verify ? end.Reordered : null,
            Damaged = settings.Verify ? end.Damaged + end.BadSlots : null,
            Drops = RingReport.DropsOf(run.Final.Rings.Drops),
            Losses = run.Losses,
            Unaccounted = sent - end.Packets - run.Losses?.Sum(loss => loss.Frames),
            PerGuest = run.PerGuest,
            Violations = run.Final.Rings.Violations,
            SleepsPerS = (Sleeps(run.Closed) - Sleeps(run.Opened)) / window.WindowSeconds,
            MhopsPerCpuS = settings.Forwarders > 0 || window.CpuCores > 0
                ? window.Mpps * (settings.Forwarders + 1) / window.CpuCores
                : null,
            LatencyUs = LatencySummary.Of(run.Latency),
            LossSamples = loss,
            LossPercent = LossSummary.Of(loss),
            ResidentBytes = run.ResidentBytes,
        };
        return PartyMetrics.Add(all, run, settings);
    }

    /// <summary>What happened between two samples, but who slept: a rate for everything that is one.</summary>
    public static RunMetrics Window(Sample from, Sample to)
    {
        double seconds = Math.Max(1, to.Nanoseconds - from.Nanoseconds) / NanosecondsASecond;
        long batches = to.Rings.Batches - from.Rings.Batches;
        return new RunMetrics
        {
            Mpps = (to.Received.Packets - from.Received.Packets) / seconds / 1e6,
            Gbps = (to.Received.Bytes - from.Received.Bytes) * 8 / seconds / 1e9,
            WindowSeconds = seconds,
            CpuCores = (to.ProcessCpu - from.ProcessCpu) / NanosecondsASecond / seconds,
            HostCpuCores = (to.WorkerCpu - from.WorkerCpu) / NanosecondsASecond / seconds,
            KicksPerS = (to.Rings.Kicks - from.Rings.Kicks) / seconds,
            InterruptsPerS = (to.Rings.Interrupts - from.Rings.Interrupts) / seconds,
            WorkerWakeUpsPerS = (to.WorkerWakeUps - from.WorkerWakeUps) / seconds,
            WakeUpsPerS = (to.Switches - from.Switches) / seconds,
            StallsPerS = (to.Rings.Stalls - from.Rings.Stalls) / seconds,
            MeanBatch = batches == 0 ? 0 : (double)(to.Rings.Packets - from.Rings.Packets) / batches,
            GcCollections = to.Collections - from.Collections,
            AllocatedBytes = to.Allocated - from.Allocated,
        };
    }

    /// <summary>Takes runs together: the median by rate, counts added up.</summary>
    /// <param name="runs">At least one.</param>
    public static RunMetrics Median(IReadOnlyList<RunMetrics> runs)
    {
        RunMetrics[] sorted = [.. runs.OrderBy(run => run.Mpps)];
        RunMetrics middle = sorted[(sorted.Length - 1) / 2];
        bool verified = middle.Duplicated is not null;
        return middle with
        {
            Mpps = sorted.Length % 2 == 1 ? middle.Mpps : (middle.Mpps + sorted[sorted.Length / 2].Mpps) / 2,
            Sent = runs.Sum(run => run.Sent),
            Received = runs.Sum(run => run.Received),
            Lost = runs.Sum(run => run.Lost),
            Duplicated = verified ? runs.Sum(run => run.Duplicated) : null,
            Reordered = verified ? runs.Sum(run => run.Reordered) : null,
            Damaged = verified ? runs.Sum(run => run.Damaged) : null,
            Drops = runs.SelectMany(run => run.Drops).GroupBy(drop => drop.Key, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Sum(drop => drop.Value), StringComparer.Ordinal),
            Losses = middle.Losses is null ? null : SumOf(runs.SelectMany(run => run.Losses!)),
            Unaccounted = middle.Unaccounted is null ? null : runs.Sum(run => run.Unaccounted),
            PerGuest = middle.PerGuest is null ? null : SumOf(runs.SelectMany(run => run.PerGuest!)),
            Parties = PartyMetrics.Sum(middle.Parties, runs),
            LossSamples = [],
            LossPercent = LossSummary.Of(runs.SelectMany(run => run.LossSamples)),
            Unread = middle.Unread is null ? null : runs.Sum(run => run.Unread),
            Violations = runs.Sum(run => run.Violations),
            GcCollections = runs.Sum(run => run.GcCollections),
            AllocatedBytes = runs.Sum(run => run.AllocatedBytes),
        };
    }

    private static Loss[] SumOf(IEnumerable<Loss> losses) => [.. losses
        .GroupBy(loss => (loss.Place, loss.Reason))
        .Select(group => new Loss(group.Key.Place, group.Key.Reason, group.Sum(loss => loss.Frames)))];

    private static GuestTraffic[] SumOf(IEnumerable<GuestTraffic> parts) => [.. parts
        .GroupBy(part => part.Name, StringComparer.Ordinal)
        .Select(group => new GuestTraffic(group.Key, group.Sum(part => part.Sent), group.Sum(part => part.Received)))];

    private static long Sleeps(Sample sample) => sample.Sent.Sleeps + sample.Received.Sleeps + sample.Forwarded.Sleeps;
}
