using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Lab.Reporting;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Demo;

/// <summary>Makes a report of a run, of the kind that benchmarks write.</summary>
public static class LinuxReport
{
    /// <summary>The report.</summary>
    public static BenchReport Of(LinuxScenario scenario, LinuxRun run, Inventory inventory, Accelerator accelerator, bool interrupted)
    {
        RunMetrics metrics = MetricsOfRun(run);
        TrustDomain domain = inventory.FindPort(scenario.SenderPort).Domain;
        var defaults = new TrafficSpec();
        return new BenchReport
        {
            Bench = scenario.Name,
            Version = BenchRunner.Version,
            Build = MachineInfo.Build,
            Machine = MachineInfo.Read(),
            Via = scenario.Via.ToString().ToLowerInvariant(),
            Guests = LinuxGuestSettings.Word,
            Accelerator = accelerator.Name,
            Frame = LinuxScenario.Frame,
            Slots = LinuxScenario.Slots,
            Burst = defaults.Burst,
            Rings = 1,
            Pairs = 1,
            Length = 0,
            BothWays = false,
            Rate = 0,
            Packets = 0,
            Verify = true,
            Policy = scenario.Settings.Policy,
            Workers = inventory.Workers.Workers.Count,
            Pin = "none",
            PageBacking = domain.Region.Backing.ToString().ToLowerInvariant(),
            PageNote = domain.Region.BackingNote,
            Interrupted = interrupted,
            MppsMin = metrics.Mpps,
            MppsMax = metrics.Mpps,
            Runs = [metrics],
        }.WithMetrics(metrics);
    }

    // Rates are the host's, and so is what it took from the sender. What arrived in which state the receiver says, where it
    // was asked.
    private static RunMetrics MetricsOfRun(LinuxRun run)
    {
        Dictionary<string, long> drops = RingReport.DropsOf(run.Final.Rings.Drops);
        long delivered = run.Final.Received.Packets;
        long dropped = drops.Values.Sum();

        // Stopped by a signal the guests are still at it, and the counters not of one instant.
        long sent = run.Received is null ? delivered + dropped : run.Final.Sent.Packets;
        return MetricsOf.Window(run.Opened, run.Closed) with
        {
            Sent = sent,
            Received = run.Received?.Packets ?? delivered,

            // What the host took and did not put into the receiver's ring, or what the receiver found missing in between.
            Lost = Math.Max(run.Received?.Lost ?? 0, sent - delivered),
            Duplicated = run.Received?.Duplicated,
            Reordered = run.Received?.Reordered,
            Damaged = run.Received?.Damaged + run.Received?.BadSlots,
            Drops = drops,
            Violations = run.Final.Rings.Violations,
            SleepsPerS = ((run.Sent?.Sleeps + run.Received?.Sleeps) ?? 0) / (run.Sent?.Seconds ?? 1),
        };
    }
}
