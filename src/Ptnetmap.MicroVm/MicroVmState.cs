namespace Ptnetmap.MicroVm;

/// <summary>What became of a machine.</summary>
public enum MicroVmState
{
    /// <summary>Its guest runs or sleeps.</summary>
    Running,

    /// <summary>The guest's program came to its end, by itself or because it was asked to.</summary>
    Finished,

    /// <summary>It was taken out of the guest by force: the guest did not listen.</summary>
    Stopped,

    /// <summary>The guest did what a guest must not do; <see cref="MicroVirtualMachine.Reason"/> says what.</summary>
    Crashed,
}
