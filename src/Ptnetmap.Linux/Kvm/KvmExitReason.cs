namespace Ptnetmap.Linux.Kvm;

/// <summary>Why a vCPU came back to user space (<c>KVM_EXIT_*</c>, those that a small machine can see), or did
/// not.</summary>
public enum KvmExitReason
{
    /// <summary>A signal or an interrupted call: nothing of the guest's.</summary>
    Interrupted = -1,

    /// <summary><c>KVM_RUN</c> failed; <see cref="KvmVcpu.LastErrno"/> says how.</summary>
    Failed = -2,

    /// <summary>Unknown to KVM.</summary>
    Unknown = 0,

    /// <summary>An exception that KVM does not handle.</summary>
    Exception = 1,

    /// <summary>An access to a port that has no ioeventfd.</summary>
    Io = 2,

    /// <summary><c>hlt</c>.</summary>
    Halt = 5,

    /// <summary>An access to a guest-physical address without memory.</summary>
    Mmio = 6,

    /// <summary>A triple fault.</summary>
    Shutdown = 8,

    /// <summary>The CPU refused the guest's state.</summary>
    FailEntry = 9,

    /// <summary>A signal came while the guest ran.</summary>
    Signal = 10,

    /// <summary>KVM could not emulate what the guest did.</summary>
    InternalError = 17,

    /// <summary>The guest asked for a reset or a power-off.</summary>
    SystemEvent = 24,
}
