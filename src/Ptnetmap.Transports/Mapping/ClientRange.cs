using Ptnetmap.Linux;

namespace Ptnetmap.Transports.Mapping;

/// <summary>A range of a client's memory, in the addresses that the client uses: a guest's physical space,
/// say.</summary>
/// <param name="Address">Where.</param>
/// <param name="Length">Bytes.</param>
/// <param name="File">The memory behind it; null where there is none that can be mapped, as for ROMs and other devices'
/// BARs.</param>
/// <param name="Offset">Where in the file.</param>
/// <param name="IsWritable">We may read and write it.</param>
public sealed record ClientRange(ulong Address, ulong Length, FileDescriptor? File, ulong Offset, bool IsWritable)
{
    private const ulong PageMask = 4095;

    /// <summary>First address behind it.</summary>
    public ulong End => Address + Length;

    /// <summary>True when it is whole pages that an address space and a file can have. What a client says may be
    /// anything.</summary>
    public bool IsSound => Length != 0 && ((Address | Length | Offset) & PageMask) == 0
        && Address <= ulong.MaxValue - Length && Offset <= long.MaxValue && Length <= long.MaxValue - Offset;

    /// <summary>True when all of <paramref name="length"/> bytes at <paramref name="address"/> are in it.</summary>
    public bool Contains(ulong address, ulong length) => address >= Address && address < End && length <= End - address;
}
