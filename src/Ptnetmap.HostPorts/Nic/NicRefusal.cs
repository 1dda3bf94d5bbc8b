namespace Ptnetmap.HostPorts.Nic;

/// <summary>A mode that was tried and not got.</summary>
/// <param name="Mode">Which.</param>
/// <param name="Reason">What kernel or driver said, and what to do about it.</param>
public sealed record NicRefusal(NicMode Mode, string Reason);
