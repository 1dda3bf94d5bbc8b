namespace Ptnetmap.Memory;

/// <summary>The machine or the process has not the memory: the message names the limit, its value and what raises
/// it.</summary>
public sealed class MemoryLimitException(string message) : RegionLimitException(message);
