using Ptnetmap.Linux;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A BAR that is memory of ours: the guest maps it, and then needs no message to read or write it. A client
/// that does not map it is served by messages.</summary>
/// <param name="length">Its bytes, a power of two: the first of the file.</param>
/// <param name="file">A sealed memfd; stays its owner's.</param>
/// <param name="bytes">The same bytes, here.</param>
public sealed class SharedRegion(ulong length, FileDescriptor file, SharedRegion.MemoryAccess bytes)
    : DeviceRegion(length)
{
    /// <summary>Some bytes of the region.</summary>
    public delegate Span<byte> MemoryAccess(long offset, int length);

    /// <inheritdoc/>
    public override FileDescriptor File => file;

    /// <inheritdoc/>
    protected override void ReadInside(ulong offset, Span<byte> data) => bytes((long)offset, data.Length).CopyTo(data);

    /// <inheritdoc/>
    protected override void WriteInside(ulong offset, ReadOnlySpan<byte> data) =>
        data.CopyTo(bytes((long)offset, data.Length));
}
