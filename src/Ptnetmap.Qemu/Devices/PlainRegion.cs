namespace Ptnetmap.Qemu.Devices;

/// <summary>A region of zeros that takes writes and forgets them. Of the MSI-X BAR, whose table QEMU keeps itself, this is
/// all that has to be there.</summary>
public sealed class PlainRegion : DeviceRegion
{
    /// <summary>Makes one.</summary>
    public PlainRegion(ulong length) : base(length)
    {
    }

    /// <inheritdoc/>
    public override void Read(ulong offset, Span<byte> data) => data.Clear();

    /// <inheritdoc/>
    public override void Write(ulong offset, ReadOnlySpan<byte> data)
    {
    }
}
