using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Lab.Demo;

/// <summary>The table at the end of the demonstration with Linux guests, and what its figures mean.</summary>
public static class LinuxText
{
    /// <summary>What runs the guests, and where one can look.</summary>
    public static void Introduce(LinuxBoot boot, TextWriter output)
    {
        output.WriteLine($"An unmodified QEMU runs them: {boot.Files.Qemu}.");
        output.WriteLine(boot.Accelerator switch
        {
            { IsKvm: true } => "Their instructions run natively, on KVM.",
            { Reason: { } reason } => $"Their instructions are emulated (TCG), for want of KVM: {reason}.",
            _ => "Their instructions are emulated (TCG), as asked for.",
        });
        output.WriteLine($"Meanwhile, on another terminal: ptnet stats --watch --run-dir {boot.RunDirectory}");
    }

    /// <summary>Writes both.</summary>
    public static void Write(BenchReport[] all, TextWriter output)
    {
        TextTable table = DemoText.TableOf(all);
        table.Add(["kicks a million packets", .. all.Select(report => $"{KicksAMillion(report):F0}")]);
        table.Write(output);
        foreach (string sentence in Sentences(all))
        {
            output.WriteLine(sentence);
        }
    }

    /// <summary>Kicks for each million frames that arrived.</summary>
    public static double KicksAMillion(BenchReport report) => report.KicksPerS / Math.Max(report.Mpps, 1e-6);

    private static IEnumerable<string> Sentences(BenchReport[] all)
    {
        BenchReport last = all[^1];
        yield return "packets   Frames of " +
            $"{last.Frame} bytes that 'ptnet guest pkt-gen' wrote in one Linux VM and checked, one by one, in the\n" +
            "          other. It works on the port's rings from user space; the rates are the host's counters.";
        yield return "cores     Both QEMUs, the host and this display together, of " +
            $"{last.Machine.Cores}; the host's workers had " +
            $"{string.Join(" and ", all.Select(report => $"{report.HostCpuCores:F2}"))}.";
        yield return string.Equals(last.Accelerator, "tcg", StringComparison.Ordinal)
            ? "rate      Without native KVM QEMU emulates the processor (TCG): each of the guests' instructions " +
                "becomes several, and\n" +
                "          that is what one sees. What the host does for a packet is the same; at full speed it is " +
                "seen by 'ptnet demo'."
            : "rate      KVM runs the guests' instructions natively.";
        yield return "kicks     A kick leaves the virtual machine, crosses QEMU, and is a message to this process: " +
            "it is dear. A guest kicks\n" +
            "          only a host that has gone to sleep, and the host interrupts only a guest that has.";
        foreach (BenchReport report in all)
        {
            yield return DroppedOf(report);
        }
    }

    private static string DroppedOf(BenchReport report)
    {
        const string Head = "dropped   ";
        bool pipe = string.Equals(report.Via, "pipe", StringComparison.Ordinal);
        string counters = string.Join(", ", report.Drops.Select(drop => $"{drop.Key} {drop.Value}"));
        return (pipe, counters.Length) switch
        {
            (true, _) when report.Lost == 0 =>
                $"{Head}{report.Bench}: none. A pipe stops the sender while the receiver's ring is full " +
                    $"({report.StallsPerS:F0} times a second).",
            (true, _) => $"{Head}{report.Bench}: {report.Lost} lost, and a pipe may lose none.",
            (false, 0) => $"{Head}{report.Bench}: none; the receiver kept up.",
            _ => $"{Head}{report.Bench}: " +
                $"{counters}, of {report.Sent} sent. no_space: the receiver's ring was full, for checking a\n" +
                "          frame takes a guest longer than writing one; a switch lets nobody wait for a slow receiver.",
        };
    }
}
