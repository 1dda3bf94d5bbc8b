using Ptnetmap.Memory;
using Ptnetmap.PciGuest;
using Ptnetmap.PciGuest.Pci;
using Ptnetmap.Tests.Client;

namespace Ptnetmap.Tests.PciGuest;

/// <summary>A tree of files as sysfs would have them, for one memdev and any number of ptnet devices, each with a host
/// played by hand behind its registers. BARs are links to what the host has mapped.</summary>
internal sealed class FakeBus : IDisposable
{
    internal const string MemdevAddress = "0000:00:02.0";

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("ptnet-bus-");
    private readonly Dictionary<string, FakeRegisters> _registers = [];

    internal FakeBus(int ports = 1, bool csbBar = true, ushort regionId = 7, ushort hostMemoryId = 7,
        long? barSize = null)
    {
        Region = MemoryRegion.Create(new RegionRequest
        {
            Id = regionId,
            Ports = ports,
            Slots = 64,
            BufferSize = 128,
            HugePages = HugePagePolicy.Off,
        });
        AddMemdev(barSize ?? Region.Layout.Size);
        for (int i = 0; i < ports; i++)
        {
            AddPort($"0000:00:{3 + i:x2}.0", csbBar, hostMemoryId);
        }

        Bus = new GuestBus(Folder, function => _registers[function.Address]);
    }

    internal string Folder => Path.Combine(_root.FullName, "devices");

    internal GuestBus Bus { get; }

    internal MemoryRegion Region { get; }

    internal List<FakePtnet> Ports { get; } = [];

    internal string PathOf(string address, string file) => Path.Combine(Folder, address, file);

    internal string AddDriver(string name)
    {
        string folder = Path.Combine(_root.FullName, "drivers", name);
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "unbind"), "");
        File.WriteAllText(Path.Combine(_root.FullName, "drivers_probe"), "");
        return folder;
    }

    internal string Probed => File.ReadAllText(Path.Combine(_root.FullName, "drivers_probe"));

    internal PciFunction Function(string address) => new(Path.Combine(Folder, address));

    public void Dispose()
    {
        Bus.Dispose();
        Ports.ForEach(port => port.Host.Dispose());
        Region.Dispose();
        _root.Delete(recursive: true);
    }

    private void AddMemdev(long barSize)
    {
        var registers = new FakeRegisters();
        RegionLayout layout = Region.Layout;
        registers.Values[0] = (uint)layout.Size;
        registers.Values[4] = (uint)(layout.Size >> 32);
        registers.Values[8] = layout.Id;
        int offset = 64;
        foreach (PoolLayout pool in (PoolLayout[])[layout.Interfaces, layout.Rings, layout.Buffers])
        {
            registers.Values[offset] = (uint)pool.Offset;
            registers.Values[offset + 4] = pool.Count;
            registers.Values[offset + 8] = pool.ObjectSize;
            offset += 12;
        }

        AddDevice(MemdevAddress, 0x000C, registers, $"{Line(0x1000, 128)}\n{Line(0x4000_0000, barSize)}\n");
        Link(MemdevAddress, "resource1", Region.File.Number);
    }

    private void AddPort(string address, bool csbBar, ushort hostMemoryId)
    {
        var host = new HandHost(64, 128, region: Region);
        var port = new FakePtnet(address, host, csbBar, hostMemoryId);
        Ports.Add(port);
        string none = $"{Line(0, 0)}\n";
        AddDevice(address, 0x000D, port,
            $"{Line(0x2000, 512)}\n{none}{none}{none}{(csbBar ? Line(0x5000_0000, 8192) + "\n" : none)}");
        Link(address, "resource4", host.Csb.File.Number);
    }

    private void AddDevice(string address, int device, FakeRegisters registers, string resource)
    {
        Directory.CreateDirectory(Path.Combine(Folder, address));
        File.WriteAllText(PathOf(address, "vendor"), "0x1b36\n");
        File.WriteAllText(PathOf(address, "device"), $"0x{device:x4}\n");
        File.WriteAllText(PathOf(address, "enable"), "0\n");
        File.WriteAllText(PathOf(address, "resource"), resource);
        File.WriteAllBytes(PathOf(address, "config"), new byte[256]);
        _registers[address] = registers;
    }

    private void Link(string address, string file, int descriptor) =>
        File.CreateSymbolicLink(PathOf(address, file), $"/proc/self/fd/{descriptor}");

    private static string Line(long start, long size) =>
        size == 0
            ? "0x0000000000000000 0x0000000000000000 0x0000000000000000"
            : $"0x{start:x16} 0x{start + size - 1:x16} 0x0000000000040200";
}
