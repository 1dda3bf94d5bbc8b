namespace Ptnetmap.Cli.Guests;

/// <summary>What a guest is.</summary>
internal enum GuestKind
{
    /// <summary>A thread of this process.</summary>
    Thread,

    /// <summary>A micro-VM on KVM.</summary>
    Vm,
}
