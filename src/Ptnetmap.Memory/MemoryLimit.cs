namespace Ptnetmap.Memory;

/// <summary>Something that limits how much memory this process can have.</summary>
/// <param name="Name">What it is, and where: <c>memory.max of cgroup /sys/fs/cgroup/a</c>.</param>
/// <param name="Limit">Bytes in all.</param>
/// <param name="Free">Bytes that are left of it: what is used counts, but for what the kernel can take back at
/// once.</param>
/// <param name="Remedy">What raises it.</param>
public sealed record MemoryLimit(string Name, long Limit, long Free, string Remedy);
