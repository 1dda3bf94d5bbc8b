namespace Ptnetmap.HostPorts.Xdp;

/// <summary>What became of the frames that a <see cref="XdpProgram"/> has seen, of all queues.</summary>
/// <param name="Redirected">Went to a socket. What it then dropped is in its own counters.</param>
/// <param name="Filtered">Went to the kernel's stack, because the filter is for others.</param>
/// <param name="WithoutSocket">Went to the kernel's stack, because their queue has no socket.</param>
public readonly record struct XdpProgramCounters(ulong Redirected, ulong Filtered, ulong WithoutSocket);
