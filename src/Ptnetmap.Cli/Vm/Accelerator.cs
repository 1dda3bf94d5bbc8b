using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.Cli.Vm;

/// <summary>What runs a Linux guest's instructions.</summary>
/// <param name="Name">kvm or tcg.</param>
/// <param name="Reason">Why it is not kvm; null when that was not asked.</param>
internal sealed record Accelerator(string Name, string? Reason)
{
    private const string Kvm = "kvm";
    private const string Tcg = "tcg";

    /// <summary>The words of <c>--accel</c>.</summary>
    internal static string[] Words { get; } = ["auto", Kvm, Tcg];

    /// <summary>QEMU's arguments.</summary>
    internal string[] Arguments => IsKvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg,thread=multi", "-cpu", "max"];

    /// <summary>True for KVM.</summary>
    internal bool IsKvm => string.Equals(Name, Kvm, StringComparison.Ordinal);

    /// <summary>What <c>--accel</c> says; <c>auto</c> takes KVM where a kernel's code was seen to run natively, by trying.</summary>
    internal static Accelerator Choose(string word)
    {
        if (!string.Equals(word, "auto", StringComparison.Ordinal))
        {
            return new Accelerator(word, null);
        }

        KvmProbeResult probe = KvmProbe.Run(asKernel: true);
        return probe is { Usable: true, Native: true }
            ? new Accelerator(Kvm, null)
            : new Accelerator(Tcg, probe.Problem ?? "KVM does not work here");
    }
}
