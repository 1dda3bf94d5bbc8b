namespace Ptnetmap.Lab.Guests;

/// <summary>What a guest is.</summary>
public enum GuestKind
{
    /// <summary>A thread of this process.</summary>
    Thread,

    /// <summary>A micro-VM on KVM.</summary>
    Vm,

    /// <summary>A Linux VM under an unmodified QEMU.</summary>
    Qemu,
}
