using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A region of a device: a BAR, config space, or nothing.</summary>
public abstract class DeviceRegion
{
    /// <summary>Makes one of <paramref name="length"/> bytes.</summary>
    protected DeviceRegion(ulong length) => Length = length;

    /// <summary>No region.</summary>
    public static DeviceRegion None { get; } = new PlainRegion(0);

    /// <summary>Bytes; a BAR's are a power of two, 0 is no region.</summary>
    public ulong Length { get; }

    /// <summary>The memory behind it, when the guest can map it.</summary>
    public virtual FileDescriptor? File => null;

    /// <summary>Where the region begins in the file.</summary>
    public virtual ulong FileOffset => 0;

    /// <summary>The parts that can be mapped, when it is not the whole.</summary>
    public virtual IReadOnlyList<MappableArea> SparseAreas => [];

    /// <summary>True when all of <paramref name="count"/> bytes at <paramref name="offset"/> are in it.</summary>
    public bool Contains(ulong offset, ulong count) => offset < Length && count <= Length - offset;

    /// <summary>Reads; the caller has checked that it lies in the region.</summary>
    public void Read(ulong offset, Span<byte> data)
    {
        Debug.Assert(Contains(offset, (ulong)data.Length), "the caller has checked that the read lies in the region");
        ReadInside(offset, data);
    }

    /// <summary>Writes; the caller has checked that it lies in the region.</summary>
    public void Write(ulong offset, ReadOnlySpan<byte> data)
    {
        Debug.Assert(Contains(offset, (ulong)data.Length), "the caller has checked that the write lies in the region");
        WriteInside(offset, data);
    }

    /// <summary>Reads what lies in the region.</summary>
    protected abstract void ReadInside(ulong offset, Span<byte> data);

    /// <summary>Writes what lies in the region.</summary>
    protected abstract void WriteInside(ulong offset, ReadOnlySpan<byte> data);
}
