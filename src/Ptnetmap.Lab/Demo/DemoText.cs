using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Lab.Demo;

/// <summary>The table at the end, and what its figures mean.</summary>
public static class DemoText
{
    /// <summary>What one is about to see.</summary>
    /// <param name="settings">The guests'.</param>
    /// <param name="reason">Why they are threads and not VMs; null: they were asked for.</param>
    /// <param name="output">Where to.</param>
    public static void Introduce(BedSettings settings, string? reason, TextWriter output)
    {
        string guests = settings.Linux is not null ? "Linux VMs" : "guests";
        output.WriteLine(
            $"Two {guests} exchange frames of " +
            $"{settings.Frame} bytes, as fast as they can, through netmap ports passed through to them.");
        switch (settings)
        {
            case { Linux: { } boot }:
                LinuxText.Introduce(boot, output);
                break;
            case { Guests: GuestKind.Vm }:
                output.WriteLine("The guests are very small virtual machines on KVM.");
                break;
            default:
                output.WriteLine($"The guests are threads{(reason is null ? "" : $", for want of VMs: {reason}")}.");
                break;
        }
    }

    /// <summary>Writes table and sentences.</summary>
    public static void Write(IReadOnlyList<BenchReport> reports, TextWriter output)
    {
        if (reports.Count > 0 && reports[0].Accelerator is not null)
        {
            LinuxText.Write([.. reports], output);
            return;
        }

        BenchReport[] busy = [.. reports.Where(report => !IsIdle(report))];
        BenchReport? idle = reports.FirstOrDefault(IsIdle);
        if (busy.Length > 0)
        {
            TableOf(busy).Write(output);
        }

        foreach (string sentence in Sentences(busy, idle))
        {
            output.WriteLine(sentence);
        }
    }

    /// <summary>The figures, a column a report.</summary>
    public static TextTable TableOf(BenchReport[] busy)
    {
        var table = new TextTable(["", .. busy.Select(report => report.Bench)]);
        Row(table, "million packets a second", busy, report => $"{report.Mpps:F2}");
        Row(table, "Gbit/s", busy, report => $"{report.Gbps:F2}");
        Row(table, "CPU cores used", busy, report => $"{report.CpuCores:F2}");
        Row(table, "kicks a second", busy, report => $"{report.KicksPerS:F0}");
        Row(table, "interrupts a second", busy, report => $"{report.InterruptsPerS:F0}");
        Row(table, "packets a pass", busy, report => $"{report.MeanBatch:F0}");
        Row(table, "dropped", busy, DroppedOf);
        return table;
    }

    private static bool IsIdle(BenchReport report) => string.Equals(report.Bench, "idle", StringComparison.Ordinal);

    private static void Row(TextTable table, string name, BenchReport[] reports, Func<BenchReport, string> figure) =>
        table.Add([name, .. reports.Select(figure)]);

    private static string DroppedOf(BenchReport report) => report.Sent == 0
        ? "0"
        : $"{report.Lost} ({100.0 * report.Lost / report.Sent:F1} %)";

    private static IEnumerable<string> Sentences(BenchReport[] busy, BenchReport? idle)
    {
        if (busy.Length > 0)
        {
            BenchReport last = busy[^1];
            double packets = (last.Mpps * 1e6) / Math.Max(1, last.KicksPerS + last.InterruptsPerS);
            yield return "packets   A packet is a frame of " +
                $"{last.Frame} bytes that one guest wrote and the other took out of its ring.";
            yield return "Gbit/s    Frame bytes times 8; with such small frames the packets are the load, not the " +
                "bytes.";
            yield return $"cores     Guests, host and this display together, of {last.Machine.Cores}; no thread polls.";
            yield return "wake-ups  A kick wakes the host, an interrupt a guest, and both are left out while the " +
                "other is awake:\n" +
                $"          {last.Bench} moved {packets:F0} packets for each.";
            yield return "dropped   A switch drops for a receiver that is too slow, so that nobody else waits for " +
                "it; a pipe stops\n" +
                "          the sender instead and never drops.";
        }

        if (idle is not null)
        {
            yield return $"idle      {idle.CpuPercent:F2} % of a core and " +
                $"{idle.WakeUpsPerS:F1} wake-ups a second for two attached guests: who has\n" +
                "          nothing to do sleeps.";
        }
    }
}
