using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.PciGuest.Devices;

/// <summary>A ptnetmap-memdev device: a memory region that the host shows to this machine.</summary>
public sealed class Memdev
{
    private readonly PciFunction _function;

    private Memdev(PciFunction function, RegionLayout layout)
    {
        _function = function;
        Layout = layout;
    }

    /// <summary>Its place on the bus.</summary>
    public string Address => _function.Address;

    /// <summary>Where the region's pools lie, as the registers say; not checked.</summary>
    public RegionLayout Layout { get; }

    /// <summary>Bytes of the BAR with the region.</summary>
    public long BarSize => _function.Bar(PtnetAbi.RegionBar).Size;

    /// <summary>Switches the device on and reads its registers.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static Memdev Read(PciFunction function, Func<PciFunction, RegisterFile> open)
    {
        function.Enable();
        using RegisterFile registers = open(function);
        long size = registers.Read(MemdevRegister.SizeLow) | ((long)registers.Read(MemdevRegister.SizeHigh) << 32);
        var layout = new RegionLayout(
            (ushort)registers.Read(MemdevRegister.Id), size, Pool(registers, MemdevRegister.Interfaces),
            Pool(registers, MemdevRegister.Rings), Pool(registers, MemdevRegister.Buffers));
        return new Memdev(function, layout);
    }

    /// <summary>Maps the region.</summary>
    /// <exception cref="RegionLimitException">The registers do not describe a region that fits in the BAR.</exception>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public MemoryRegion Map()
    {
        using FileDescriptor bar = _function.OpenBar(PtnetAbi.RegionBar);
        return MemoryRegion.MapDeviceBar($"memdev {Layout.Id} at {Address}", bar, BarSize, Layout);
    }

    private static PoolLayout Pool(RegisterFile registers, int first) => new(
        registers.Read(first), registers.Read(first + MemdevRegister.PoolObjects),
        registers.Read(first + MemdevRegister.PoolObjectSize));
}
