using Ptnetmap.Memory;

namespace Ptnetmap.Qemu.Devices;

/// <summary>ptnetmap-memdev, one a memory region that the VM may see: BAR 0 says how the region is laid out, BAR 1 is
/// the region. It has no interrupts.</summary>
public sealed class MemdevDevice : PciDevice, IRegisters
{
    private const uint OtherClass = 0xFF0000;
    private const ulong IoLength = 128;
    private const ulong MemoryLength = 4096;

    private readonly RegionLayout _layout;

    /// <summary>Makes the device of <paramref name="region"/>, which stays its owner's and outlives it.</summary>
    public MemdevDevice(string name, MemoryRegion region, BarKind registers = BarKind.Io)
        : base(name, PtnetAbi.MemdevId, OtherClass)
    {
        _layout = region.Layout;
        bool io = registers == BarKind.Io;
        SetBar(0, new RegisterRegion(io ? IoLength : MemoryLength, this), io ? IoBar : 0);
        SetBar(PtnetAbi.RegionBar, new SharedRegion((ulong)_layout.Size, region.File, region.Bytes), LargeMemoryBar);
    }

    /// <inheritdoc/>
    public override string Kind => "memdev";

    /// <inheritdoc/>
    public override bool UsesGuestMemory => false;

    /// <inheritdoc/>
    public uint ReadRegister(uint offset) => offset switch
    {
        MemdevRegister.SizeLow => (uint)_layout.Size,
        MemdevRegister.SizeHigh => (uint)(_layout.Size >> 32),
        MemdevRegister.Id => _layout.Id,
        MemdevRegister.Interfaces => (uint)_layout.Interfaces.Offset,
        MemdevRegister.Interfaces + MemdevRegister.PoolObjects => _layout.Interfaces.Count,
        MemdevRegister.Interfaces + MemdevRegister.PoolObjectSize => _layout.Interfaces.ObjectSize,
        MemdevRegister.Rings => (uint)_layout.Rings.Offset,
        MemdevRegister.Rings + MemdevRegister.PoolObjects => _layout.Rings.Count,
        MemdevRegister.Rings + MemdevRegister.PoolObjectSize => _layout.Rings.ObjectSize,
        MemdevRegister.Buffers => (uint)_layout.Buffers.Offset,
        MemdevRegister.Buffers + MemdevRegister.PoolObjects => _layout.Buffers.Count,
        MemdevRegister.Buffers + MemdevRegister.PoolObjectSize => _layout.Buffers.ObjectSize,
        _ => 0,
    };

    /// <inheritdoc/>
    public void WriteRegister(uint offset, uint value)
    {
        // All of them only tell.
    }
}
