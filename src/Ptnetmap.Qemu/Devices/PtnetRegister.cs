namespace Ptnetmap.Qemu.Devices;

/// <summary>Registers of ptnet (<c>PTNET_IO_*</c>), by offset in BAR 0. Those from <see cref="ExtensionMagic"/> on are ours:
/// they lie where the drivers of FreeBSD and of netmap for Linux never look.</summary>
internal enum PtnetRegister : uint
{
    Features = 0,
    Control = 4,
    MacLow = 8,
    MacHigh = 12,
    InterfaceOffset = 24,
    TxRings = 28,
    RxRings = 32,
    TxSlots = 36,
    RxSlots = 40,
    VnetHeaderLength = 44,
    HostMemoryId = 48,
    CsbGuestHigh = 52,
    CsbGuestLow = 56,
    CsbHostHigh = 60,
    CsbHostLow = 64,
    ExtensionMagic = 112,
    ExtensionFeatures = 116,
    ExtensionCsb = 120,
    ExtensionInterrupt = 124,
    Kick = 128,
}
