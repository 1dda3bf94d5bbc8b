namespace Ptnetmap.Qemu.Devices;

/// <summary>A region of zeros that takes writes and forgets them. Of the MSI-X BAR, whose table QEMU keeps itself, this
/// is all that has to be there.</summary>
public sealed class PlainRegion : DeviceRegion
{
    /// <summary>Makes one.</summary>
    public PlainRegion(ulong length) : base(length)
    {
    }

    /// <inheritdoc/>
    protected override void ReadInside(ulong offset, Span<byte> data) => data.Clear();

    /// <inheritdoc/>
    protected override void WriteInside(ulong offset, ReadOnlySpan<byte> data)
    {
    }
}
