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

    /// <summary>Reads; the caller has checked that it lies in the region.</summary>
    public abstract void Read(ulong offset, Span<byte> data);

    /// <summary>Writes; the caller has checked that it lies in the region.</summary>
    public abstract void Write(ulong offset, ReadOnlySpan<byte> data);
}
