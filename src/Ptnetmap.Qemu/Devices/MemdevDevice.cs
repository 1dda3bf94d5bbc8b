using Ptnetmap.Memory;

namespace Ptnetmap.Qemu.Devices;

/// <summary>ptnetmap-memdev, one a memory region that the VM may see: BAR 0 says how the region is laid out, BAR 1 is the
/// region. It has no interrupts.</summary>
public sealed class MemdevDevice : PciDevice, IRegisters
{
    /// <summary>Its device id.</summary>
    public const ushort DeviceId = 0x000C;

    private const uint OtherClass = 0xFF0000;
    private const ulong IoLength = 128;
    private const ulong MemoryLength = 4096;

    private readonly RegionLayout _layout;

    /// <summary>Makes the device of <paramref name="region"/>, which stays its owner's and outlives it.</summary>
    public MemdevDevice(string name, MemoryRegion region, BarKind registers = BarKind.Io)
        : base(name, DeviceId, OtherClass)
    {
        _layout = region.Layout;
        bool io = registers == BarKind.Io;
        SetBar(0, new RegisterRegion(io ? IoLength : MemoryLength, this), io ? IoBar : 0);
        SetBar(1, new SharedRegion((ulong)_layout.Size, region.File, region.Bytes), LargeMemoryBar);
    }

    /// <inheritdoc/>
    public override bool UsesGuestMemory => false;

    /// <inheritdoc/>
    public uint ReadRegister(uint offset) => (MemdevRegister)offset switch
    {
        MemdevRegister.MemorySizeLow => (uint)_layout.Size,
        MemdevRegister.MemorySizeHigh => (uint)(_layout.Size >> 32),
        MemdevRegister.MemoryId => _layout.Id,
        MemdevRegister.InterfacePoolOffset => (uint)_layout.Interfaces.Offset,
        MemdevRegister.InterfacePoolObjects => _layout.Interfaces.Count,
        MemdevRegister.InterfacePoolObjectSize => _layout.Interfaces.ObjectSize,
        MemdevRegister.RingPoolOffset => (uint)_layout.Rings.Offset,
        MemdevRegister.RingPoolObjects => _layout.Rings.Count,
        MemdevRegister.RingPoolObjectSize => _layout.Rings.ObjectSize,
        MemdevRegister.BufferPoolOffset => (uint)_layout.Buffers.Offset,
        MemdevRegister.BufferPoolObjects => _layout.Buffers.Count,
        MemdevRegister.BufferPoolObjectSize => _layout.Buffers.ObjectSize,
        _ => 0,
    };

    /// <inheritdoc/>
    public void WriteRegister(uint offset, uint value)
    {
        // All of them only tell.
    }
}
