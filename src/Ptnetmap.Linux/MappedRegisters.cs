namespace Ptnetmap.Linux;

/// <summary>Registers of a device, 32 bits each, in a mapped memory BAR: each access is one load or store of that
/// width, in the order of the program. Safe until it is disposed of: offsets are checked against the mapping.</summary>
public sealed class MappedRegisters : IDisposable
{
    private readonly MemoryMapping _mapping;

    /// <summary>Takes over <paramref name="mapping"/>.</summary>
    public MappedRegisters(MemoryMapping mapping) => _mapping = mapping;

    /// <summary>Reads the register at <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the mapping, or not aligned.</exception>
    public unsafe uint Read(int offset) => Volatile.Read(ref *Address(offset));

    /// <summary>Writes the register at <paramref name="offset"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is outside the mapping, or not aligned.</exception>
    public unsafe void Write(int offset, uint value) => Volatile.Write(ref *Address(offset), value);

    /// <inheritdoc/>
    public void Dispose() => _mapping.Dispose();

    private unsafe uint* Address(int offset)
    {
        bool sound = offset >= 0 && offset % sizeof(uint) == 0 && offset <= _mapping.Length - sizeof(uint);
        return sound
            ? (uint*)(_mapping.Address + offset)
            : throw new ArgumentOutOfRangeException(nameof(offset), offset,
                $"no register there, in {_mapping.Length} bytes");
    }
}
