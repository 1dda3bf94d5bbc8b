using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.Cli.Bench;

/// <summary>Turns <c>--guests</c> into a kind of guest that runs here.</summary>
internal static class GuestChoice
{
    /// <summary>What <c>--guests</c> says, or what works best.</summary>
    /// <exception cref="UsageException">VMs were asked for and cannot be had.</exception>
    internal static GuestKind Resolve(string word) => Resolve(word, out _);

    /// <summary>Why micro-VMs do not run here as natively as threads do; null where they do.</summary>
    internal static string? WhyNoVms()
    {
        _ = Resolve("auto", out string? reason);
        return reason;
    }

    /// <summary>The same, with the reason for the choice when it is not that of the command line.</summary>
    /// <exception cref="UsageException">VMs were asked for and cannot be had.</exception>
    internal static GuestKind Resolve(string word, out string? reason)
    {
        reason = null;
        if (string.Equals(word, "thread", StringComparison.Ordinal))
        {
            return GuestKind.Thread;
        }

        if (string.Equals(word, BenchOptions.LinuxWord, StringComparison.Ordinal))
        {
            return GuestKind.Qemu;
        }

        KvmProbeResult probe = KvmProbe.Run();
        bool mayChoose = string.Equals(word, "auto", StringComparison.Ordinal);
        if (probe is { Usable: true, Native: true } || (probe.Usable && !mayChoose))
        {
            // Emulated guests are slow, and still right: whoever asks for them gets them.
            return GuestKind.Vm;
        }

        reason = probe.Problem ?? "KVM does not work here";
        return mayChoose
            ? GuestKind.Thread
            : throw new UsageException($"--guests vm: {reason} (--guests thread does without)");
    }
}
