namespace Ptnetmap.Linux.Kvm;

/// <summary>Where a vCPU starts, in 64-bit long mode at privilege level 3.</summary>
/// <param name="PageTableRoot">Guest-physical address of the level-4 page table.</param>
/// <param name="TaskState">Address of a <see cref="KvmTaskState"/>, mapped.</param>
/// <param name="EntryPoint">First instruction.</param>
/// <param name="StackPointer">Initial stack pointer.</param>
public readonly record struct KvmEntryState(
    ulong PageTableRoot, ulong TaskState, ulong EntryPoint, ulong StackPointer);
