using System.Buffers.Binary;

namespace Ptnetmap.Qemu.Devices;

/// <summary>A BAR of 32-bit registers. Parts of one can be read; only whole ones can be written, anything else is
/// ignored, as hardware does.</summary>
public sealed class RegisterRegion : DeviceRegion
{
    private const int Width = sizeof(uint);

    private readonly IRegisters _registers;

    /// <summary>Makes one.</summary>
    public RegisterRegion(ulong length, IRegisters registers) : base(length) => _registers = registers;

    /// <inheritdoc/>
    protected override void ReadInside(ulong offset, Span<byte> data)
    {
        Span<byte> value = stackalloc byte[Width];
        uint at = (uint)offset;
        while (!data.IsEmpty)
        {
            int skip = (int)(at % Width);
            int count = Math.Min(Width - skip, data.Length);
            BinaryPrimitives.WriteUInt32LittleEndian(value, _registers.ReadRegister(at - (uint)skip));
            value.Slice(skip, count).CopyTo(data);
            data = data[count..];
            at += (uint)count;
        }
    }

    /// <inheritdoc/>
    protected override void WriteInside(ulong offset, ReadOnlySpan<byte> data)
    {
        if (offset % Width != 0 || data.Length % Width != 0)
        {
            return;
        }

        for (int i = 0; i < data.Length; i += Width)
        {
            _registers.WriteRegister((uint)offset + (uint)i, BinaryPrimitives.ReadUInt32LittleEndian(data[i..]));
        }
    }
}
