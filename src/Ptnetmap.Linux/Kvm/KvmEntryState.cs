namespace Ptnetmap.Linux.Kvm;

/// <summary>Where a vCPU starts, in 64-bit long mode.</summary>
/// <param name="PageTableRoot">Guest-physical address of the level-4 page table.</param>
/// <param name="TaskState">Address of a <see cref="KvmTaskState"/>, mapped.</param>
/// <param name="EntryPoint">First instruction.</param>
/// <param name="StackPointer">Initial stack pointer.</param>
public readonly record struct KvmEntryState(
    ulong PageTableRoot, ulong TaskState, ulong EntryPoint, ulong StackPointer)
{
    /// <summary>At privilege level 0 and not 3.</summary>
    public bool IsKernel { get; init; }
}
