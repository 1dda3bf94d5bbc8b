using Ptnetmap.Cli.Guests;
using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>Turns <c>--guests</c> into a kind of guest that runs here.</summary>
internal static class GuestChoice
{
    /// <summary>What <c>--guests</c> says, or what works best.</summary>
    /// <exception cref="UsageException">VMs were asked for and cannot be had.</exception>
    internal static GuestKind Resolve(string word)
    {
        if (string.Equals(word, "thread", StringComparison.Ordinal))
        {
            return GuestKind.Thread;
        }

        KvmProbeResult probe = KvmProbe.Run();
        if (string.Equals(word, "auto", StringComparison.Ordinal))
        {
            return probe is { Usable: true, Native: true } ? GuestKind.Vm : GuestKind.Thread;
        }

        // Emulated guests are slow, and still right.
        return probe.Usable
            ? GuestKind.Vm
            : throw new UsageException($"--guests vm: {probe.Problem ?? "KVM does not work here"} (--guests thread does without)");
    }
}
