using System.Buffers.Binary;
using System.Text;

namespace Ptnetmap.Memory;

/// <summary>A <c>netmap_if</c> in shared memory: header and <c>ring_ofs[]</c>. Safe while the region's mapping lives;
/// only <see cref="MemoryRegion"/> makes views, with the size of the pool's objects.</summary>
public readonly unsafe struct InterfaceView
{
    private readonly byte* _base;
    private readonly uint _size;

    internal InterfaceView(byte* address, uint size)
    {
        _base = address;
        _size = size;
    }

    /// <summary>The header, in shared memory.</summary>
    public ref NetmapInterfaceHeader Header => ref *(NetmapInterfaceHeader*)_base;

    /// <summary>Most entries of <c>ring_ofs[]</c> that this object can hold.</summary>
    public int MaxOffsets => (int)((_size - NetmapAbi.InterfaceHeaderSize) / sizeof(long));

    /// <summary><c>ni_name</c>, at most 15 bytes.</summary>
    public string Name
    {
        get
        {
            ReadOnlySpan<byte> bytes = new(_base, NetmapInterfaceHeader.NameSize);
            int end = bytes.IndexOf((byte)0);
            return Encoding.ASCII.GetString(end < 0 ? bytes : bytes[..end]);
        }

        set
        {
            Span<byte> bytes = new(_base, NetmapInterfaceHeader.NameSize);
            bytes.Clear();
            string shortened =
                value.Length < NetmapInterfaceHeader.NameSize ? value : value[..(NetmapInterfaceHeader.NameSize - 1)];
            _ = Encoding.ASCII.GetBytes(shortened, bytes);
        }
    }

    /// <summary><c>ring_ofs[index]</c>, relative to the <c>netmap_if</c>; 0 for a ring that is not there.</summary>
    public long GetRingOffset(int index) => BinaryPrimitives.ReadInt64LittleEndian(OffsetBytes(index));

    /// <summary>Sets <c>ring_ofs[index]</c>.</summary>
    public void SetRingOffset(int index, long offset) =>
        BinaryPrimitives.WriteInt64LittleEndian(OffsetBytes(index), offset);

    private Span<byte> OffsetBytes(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, MaxOffsets);
        return new Span<byte>(_base + NetmapAbi.InterfaceHeaderSize + (index * sizeof(long)), sizeof(long));
    }
}
