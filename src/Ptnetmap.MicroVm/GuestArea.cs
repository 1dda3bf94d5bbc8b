namespace Ptnetmap.MicroVm;

/// <summary>Memory that a guest has.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Address">Guest-physical, and virtual where it is mapped.</param>
/// <param name="HostAddress">In this process.</param>
/// <param name="Length">Bytes.</param>
internal sealed record GuestArea(string Name, ulong Address, nint HostAddress, long Length);
