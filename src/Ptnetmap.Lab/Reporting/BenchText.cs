using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Linux;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Reporting;

/// <summary>A report for people.</summary>
public static class BenchText
{
    /// <summary>One line of a run.</summary>
    public static string RunLine(string bench, int number, int runs, RunMetrics run)
    {
        string head = $"{bench}: run {number} of {runs}: ";
        return bench switch
        {
            "idle" => $"{head}{run.CpuPercent:F2} % of a core, {run.WakeUpsPerS:F1} wake-ups/s",
            _ when run.LatencyUs is { } times =>
                $"{head}p50 {times.P50:F1} us, p99 {times.P99:F1} us, max {times.Max:F1} us, {run.CpuCores:F2} cores",
            _ => $"{head}{run.Mpps:F2} Mpps, {run.Gbps:F2} Gbit/s, {run.CpuCores:F2} cores, " +
                $"{run.KicksPerS:F0} kicks/s, {run.InterruptsPerS:F0} interrupts/s",
        };
    }

    /// <summary>One line of what is measured in turn with the runs.</summary>
    public static string AgainstLine(string bench, string name, LatencySummary times) =>
        $"{bench}: {name}: p50 {times.P50:F1} us, p99 {times.P99:F1} us, max {times.Max:F1} us";

    /// <summary>The whole.</summary>
    public static void Write(BenchReport report, TextWriter output)
    {
        output.WriteLine();
        var table = new TextTable();
        table.Add("what", WhatOf(report));
        AddFigures(table, report);
        table.Add(
            "memory",
            $"{Quantity.Of(report.GcCollections, "collection")}, " +
            $"{Quantity.Of(report.AllocatedBytes, "byte")} allocated while measuring; {report.PageBacking} pages" +
            (report.ResidentBytes is { } resident ? $", {resident / 1e6:F0} MB resident" : ""));
        table.Add("machine", MachineOf(report.Machine, report.Build));
        table.Write(output);
        if (report.Interrupted)
        {
            output.WriteLine("Stopped before the end: these are the figures so far.");
        }
    }

    /// <summary>On what it was measured.</summary>
    /// <param name="machine">The machine.</param>
    /// <param name="build">How the program was compiled: native or jit.</param>
    internal static string MachineOf(MachineInfo machine, string build) =>
        $"{machine.Cpu}, {Quantity.Of(machine.Cores, "core")}, Linux {machine.Kernel}, {build} build";

    private static void AddFigures(TextTable table, BenchReport report)
    {
        string cpu = $"{report.CpuPercent:F2} % of a core in all threads, {100 * report.HostCpuCores:F2} % in workers";
        string wakeUps = $"{report.WakeUpsPerS:F1}/s in all, of which workers {report.WorkerWakeUpsPerS:F1}/s";
        switch (report.Bench)
        {
            case "idle":
                table.Add("CPU", cpu);
                table.Add("wake-ups", wakeUps);
                break;
            case "rtt":
                table.Add("round trips",
                    $"{report.Mpps * 1e6:F0}/s (median of {report.Runs.Count}), lost {report.Lost}");
                AddLatency(table, report.LatencyUs);
                if (report.Against is { } against)
                {
                    table.Add("against", $"{against.Name}: p50 {against.LatencyUs.P50:F1}, p99 " +
                        $"{against.LatencyUs.P99:F1} us; ours is {against.Ratio:F2} of it");
                }

                table.Add("CPU", cpu);
                table.Add("wake-ups", wakeUps);
                break;
            default:
                AddTraffic(table, report);
                break;
        }
    }

    private static void AddTraffic(TextTable table, BenchReport report)
    {
        table.Add(
            "rate",
            $"{report.Mpps:F2} Mpps (median of " +
            $"{report.Runs.Count}; {report.MppsMin:F2} to {report.MppsMax:F2}), {report.Gbps:F2} Gbit/s");
        AddLatency(table, report.LatencyUs);
        table.Add("CPU", $"{report.CpuCores:F2} cores in all, of which workers {report.HostCpuCores:F2}");
        table.Add(
            "wake-ups",
            $"{report.KicksPerS:F0} kicks/s, {report.InterruptsPerS:F0} interrupts/s, " +
            (report.Accelerator is null ? $"guests sleep {report.SleepsPerS:F0}/s, " : "") +
            $"workers wake {report.WorkerWakeUpsPerS:F0}/s");
        table.Add("mean batch", $"{report.MeanBatch:F0} packets a pass");
        if (string.Equals(report.Bench, "chain", StringComparison.Ordinal))
        {
            table.Add("efficiency", $"{report.MhopsPerCpuS:F2} million packets x hops a CPU second");
        }

        PartyText.AddRates(table, report);
        table.Add("frames", FramesOf(report));
        if (report.LossPercent is { Max: > 0 } loss)
        {
            table.Add(
                "loss",
                $"p50 {loss.P50:F2}, p90 {loss.P90:F2}, p99 {loss.P99:F2}, max {loss.Max:F2} % " +
                $"in {loss.IntervalMs:F0} ms ({Quantity.Of(loss.Samples, "interval")})");
        }

        if (report.Mode is { } mode)
        {
            table.Add("NIC", $"mode {mode}, {Quantity.Of(report.CopiedBytes ?? 0, "byte")} copied by us");
        }

        AddLosses(table, report);
    }

    // Every frame that did not arrive is in one counter; which one says what to change.
    private static void AddLosses(TextTable table, BenchReport report)
    {
        foreach (GuestTraffic part in report.PerGuest ?? [])
        {
            table.Add(part.Name, $"sent {part.Sent}, received {part.Received}");
        }

        foreach (Loss loss in report.Losses ?? [])
        {
            table.Add("lost", $"{loss.Frames} at {loss.Place}, {loss.Reason}: {LossText.Of(loss.Reason)}");
        }

        PartyText.AddLosses(table, report);
        if (report.Unaccounted is { } rest)
        {
            table.Add("sum", rest == 0
                ? $"{PartyText.SumOf(report)}: no frame is unaccounted for"
                : $"{Quantity.Of(rest, "frame is", "frames are")} in no counter: a fault");
        }
    }

    private static void AddLatency(TextTable table, LatencySummary? times)
    {
        if (times is not null)
        {
            table.Add(
                "latency",
                $"p50 {times.P50:F1}, p90 {times.P90:F1}, p99 " +
                $"{times.P99:F1}, p99.9 {times.P999:F1}, max {times.Max:F1} us ({Quantity.Of(times.Count, "time")})");
        }
    }

    private static string WhatOf(BenchReport report)
    {
        string count = report.Pairs > 1 ? $"{report.Pairs} pairs of " : PartyText.WhoOf(report);
        string rate = report.Rate > 0 ? $", {report.Rate} packets/s" : "";
        string chain = report.Length > 0 ? $", {Quantity.Of(report.Length, "forwarder")}" : "";
        string way = report.Direction switch { "rx" => ", into them", "tx" => ", out of them", _ => "" };
        string patience = report.GuestPatienceUs > 0 ? $", guests look for {report.GuestPatienceUs:F0} us" : "";
        return $"{count}{report.Guests} guests via " +
            $"{report.Via}{way}, {report.Frame} B{rate}{chain}, {report.Slots} slots, " +
            $"burst {report.Burst}{PartyText.IdleOf(report)}, {report.Policy}, " +
            $"{Quantity.Of(report.Workers, "worker")}{patience}";
    }

    private static string FramesOf(BenchReport report)
    {
        string checks = report.Verify
            ? $", duplicated {report.Duplicated}, reordered {report.Reordered}, damaged {report.Damaged}"
            : "";
        string drops = string.Join(", ", report.Drops.Select(drop => $"{drop.Key} {drop.Value}"));
        drops = report.Losses is null ? drops : "";
        return $"sent {report.Sent}, received {report.Received}, lost {report.Lost}{checks}" +
            (drops.Length > 0 ? $" (dropped: {drops})" : "");
    }
}
