using Ptnetmap.Linux.Kvm;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>What runs a Linux guest's instructions.</summary>
/// <param name="Name">kvm or tcg.</param>
/// <param name="Reason">Why it is not kvm; null when that was not asked.</param>
public sealed record Accelerator(string Name, string? Reason)
{
    private const string Kvm = "kvm";
    private const string Tcg = "tcg";

    /// <summary>The words of <c>--accel</c>.</summary>
    public static string[] Words { get; } = ["auto", Kvm, Tcg];

    /// <summary>QEMU's arguments.</summary>
    public string[] Arguments =>
        IsKvm ? ["-accel", "kvm", "-cpu", "host"] : ["-accel", "tcg,thread=multi", "-cpu", "max"];

    /// <summary>True for KVM.</summary>
    public bool IsKvm => string.Equals(Name, Kvm, StringComparison.Ordinal);

    /// <summary>What <c>--accel</c> says; <c>auto</c> takes KVM where a kernel's code was seen to run natively, by
    /// trying.</summary>
    public static Accelerator Choose(string word)
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
