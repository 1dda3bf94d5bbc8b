using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.PciGuest.Devices;
using Ptnetmap.PciGuest.Pci;

namespace Ptnetmap.PciGuest;

/// <summary>The ptnet and memdev devices of this virtual machine. Regions are mapped once, so that two ports of one
/// region forward to each other without a copy.</summary>
/// <param name="folder">The folder of the bus's devices.</param>
/// <param name="open">Opens a device's registers; <see cref="RegisterFile.Open"/> when null.</param>
public sealed class GuestBus(string folder = GuestBus.DefaultFolder, Func<PciFunction, RegisterFile>? open = null)
    : IDisposable
{
    /// <summary>Where the kernel shows its PCI devices.</summary>
    public const string DefaultFolder = "/sys/bus/pci/devices";

    private readonly Func<PciFunction, RegisterFile> _open = open ?? RegisterFile.Open;
    private readonly Dictionary<int, MemoryRegion> _regions = [];

    /// <summary>The regions that the host shows to this machine.</summary>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public IReadOnlyList<Memdev> Memdevs() =>
        [.. PciFunction.Find(folder, PtnetAbi.Vendor, PtnetAbi.MemdevId).Select(one => Memdev.Read(one, _open))];

    /// <summary>The ports that the host passed through to this machine.</summary>
    /// <exception cref="LinuxException">The kernel refused, or a device says what cannot be.</exception>
    public IReadOnlyList<PtnetPort> Ports()
    {
        var ports = new List<PtnetPort>();
        foreach (PciFunction function in Functions())
        {
            using var device = new PtnetDevice(function, _open);
            ports.Add(device.Describe());
        }

        return ports;
    }

    /// <summary>Opens a port and starts it.</summary>
    /// <param name="which">Its number in <see cref="Ports"/> from 0 on, or its PCI address (<c>00:03.0</c> will
    /// do).</param>
    /// <param name="options">How; null for the best that works.</param>
    /// <exception cref="LinuxException">There is no such port, or it cannot be had.</exception>
    /// <exception cref="RegionLimitException">Its region is none.</exception>
    public PciChannel Open(string which, PciChannelOptions? options = null)
    {
        var device = new PtnetDevice(Choose(which), _open);
        try
        {
            PtnetPort port = device.Describe();
            return new PciChannel(device, port, Region(port), options ?? new PciChannelOptions());
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    /// <summary>Unmaps the regions; the channels have been disposed of before.</summary>
    public void Dispose()
    {
        foreach (MemoryRegion region in _regions.Values)
        {
            region.Dispose();
        }

        _regions.Clear();
    }

    private IReadOnlyList<PciFunction> Functions() =>
        PciFunction.Find(folder, PtnetAbi.Vendor, PtnetAbi.PtnetId);

    private PciFunction Choose(string which)
    {
        IReadOnlyList<PciFunction> all = Functions();
        PciFunction? chosen = int.TryParse(which, out int number) && number >= 0 && number < all.Count
            ? all[number]
            : all.FirstOrDefault(one => which.Contains(':', StringComparison.Ordinal)
                && one.Address.EndsWith(which, StringComparison.OrdinalIgnoreCase));
        string there = all.Count == 0
            ? "this machine has no ptnet device (1b36:000d)"
            : $"there are {string.Join(", ", all.Select((one, i) => $"{i} ({one.Address})"))}";
        return chosen ?? throw new LinuxException($"no port '{which}': {there}");
    }

    private MemoryRegion Region(PtnetPort port)
    {
        if (_regions.TryGetValue(port.MemoryId, out MemoryRegion? known))
        {
            return known;
        }

        IReadOnlyList<Memdev> all = Memdevs();
        Memdev memdev = all.FirstOrDefault(one => one.Layout.Id == port.MemoryId) ?? throw new LinuxException(
            $"ptnet {port.Address} lives in region " +
            $"{port.MemoryId}, which no memdev (1b36:000c) of this machine shows " +
            $"({(all.Count == 0 ? "there are none" : "there are " +
                $"{string.Join(", ", all.Select(one => one.Layout.Id))}")})");
        return _regions[port.MemoryId] = memdev.Map();
    }
}
