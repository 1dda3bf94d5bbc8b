using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Mapping;

/// <summary>A range of the guest's physical space.</summary>
/// <param name="Address">Where.</param>
/// <param name="Length">Bytes.</param>
/// <param name="File">The memory behind it; null for ROMs and other devices' BARs.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="IsWritable">The device may read and write it.</param>
public sealed record DmaRange(ulong Address, ulong Length, FileDescriptor? File, ulong Offset, bool IsWritable)
{
    /// <summary>First address behind it.</summary>
    public ulong End => Address + Length;
}
