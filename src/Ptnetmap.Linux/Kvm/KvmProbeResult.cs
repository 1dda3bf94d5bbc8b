namespace Ptnetmap.Linux.Kvm;

/// <summary>What this machine's KVM is good for.</summary>
/// <param name="Exists">There is a <c>/dev/kvm</c>.</param>
/// <param name="Usable">It can be opened and a guest was run.</param>
/// <param name="Native">A guest at privilege level 3 runs at the CPU's speed and is not emulated.</param>
/// <param name="GuestNanoseconds">One turn of a two-instruction loop in the guest; 0 when none was run.</param>
/// <param name="ExitMicroseconds">One exit to user space and back; 0 when none was run.</param>
/// <param name="Problem">What is wrong and what helps; null when nothing is.</param>
public sealed record KvmProbeResult(
    bool Exists, bool Usable, bool Native, double GuestNanoseconds, double ExitMicroseconds, string? Problem);
