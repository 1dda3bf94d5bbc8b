namespace Ptnetmap.Qemu.Devices;

/// <summary>Registers of ptnetmap-memdev (<c>PTNET_MDEV_IO_*</c>), by offset in BAR 0.</summary>
internal enum MemdevRegister : uint
{
    MemorySizeLow = 0,
    MemorySizeHigh = 4,
    MemoryId = 8,
    InterfacePoolOffset = 64,
    InterfacePoolObjects = 68,
    InterfacePoolObjectSize = 72,
    RingPoolOffset = 76,
    RingPoolObjects = 80,
    RingPoolObjectSize = 84,
    BufferPoolOffset = 88,
    BufferPoolObjects = 92,
    BufferPoolObjectSize = 96,
}
