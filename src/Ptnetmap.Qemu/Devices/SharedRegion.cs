using Ptnetmap.Linux;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A BAR that is memory of ours: the guest maps it, and then needs no message to read or write it. A client
/// that does not map it is served by messages.</summary>
public sealed class SharedRegion : DeviceRegion
{
    private readonly MemoryAccess _bytes;

    /// <summary>Makes one of the first <paramref name="length"/> bytes of <paramref name="file"/>.</summary>
    /// <param name="length">A power of two.</param>
    /// <param name="file">A sealed memfd; stays its owner's.</param>
    /// <param name="bytes">The same bytes, here.</param>
    public SharedRegion(ulong length, FileDescriptor file, MemoryAccess bytes) : base(length)
    {
        File = file;
        _bytes = bytes;
    }

    /// <summary>Some bytes of the region.</summary>
    public delegate Span<byte> MemoryAccess(long offset, int length);

    /// <inheritdoc/>
    public override FileDescriptor File { get; }

    /// <inheritdoc/>
    protected override void ReadInside(ulong offset, Span<byte> data) => _bytes((long)offset, data.Length).CopyTo(data);

    /// <inheritdoc/>
    protected override void WriteInside(ulong offset, ReadOnlySpan<byte> data) => data.CopyTo(_bytes((long)offset, data.Length));
}
