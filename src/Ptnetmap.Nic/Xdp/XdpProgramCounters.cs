namespace Ptnetmap.Nic.Xdp;

/// <summary>What an interface's XDP program has done.</summary>
public readonly record struct XdpProgramCounters;
