using Ptnetmap.Linux;

namespace Ptnetmap.MicroVm.Image;

/// <summary>Memory that a guest has.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Address">Guest-physical, and virtual where it is mapped.</param>
/// <param name="Memory">What this process has there.</param>
internal sealed record GuestArea(string Name, ulong Address, MappedRange Memory)
{
    /// <summary>Bytes.</summary>
    internal long Length => Memory.Length;
}
