using System.Net.NetworkInformation;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Serving;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>The host of a few virtual machines: regions, ports, and their devices behind vfio-user sockets.</summary>
internal sealed class DeviceHost : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-vm-");
    private readonly Quiescence _quiescence = new();
    private readonly WorkerPool _workers = new(1);
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<Port> _ports = [];
    private readonly List<PciDevice> _devices = [];
    private readonly DeviceServer _server;

    internal DeviceHost() => _server = new DeviceServer(_folder.FullName);

    internal ValeSwitch Switch { get; } = ValeSwitch.Create("vale0");

    /// <summary>A region for a number of ports.</summary>
    internal MemoryRegion Region(ushort id, int ports)
    {
        var region = MemoryRegion.Create(
            new RegionRequest { Name = $"r{id}", Id = id, Ports = ports, Slots = 1024, HugePages = HugePagePolicy.Off });
        _regions.Add(region);
        return region;
    }

    /// <summary>Both ends of a pipe.</summary>
    internal (PipePort Master, PipePort Slave) Pipe(MemoryRegion region, string name)
    {
        (PipePort master, PipePort slave) = PipePort.Create(name, 0, region, region, PortShape.Symmetric(1, 1024), _quiescence);
        _ports.AddRange([master, slave]);
        return (master, slave);
    }

    /// <summary>A port of the switch.</summary>
    internal ValePort SwitchPort(MemoryRegion region, string name)
    {
        ValePort port = ValePort.Create(Switch, name, region, PortShape.Symmetric(1, 1024), _quiescence);
        _ports.Add(port);
        return port;
    }

    /// <summary>A guest that is a thread of ours.</summary>
    internal GuestAttachment Attach(Port port) =>
        GuestAttachment.Attach(port, _workers, NotificationPolicy.SpinThenSleep, _quiescence);

    /// <summary>The socket of a region's device, one a VM.</summary>
    internal string ServeRegion(string name, MemoryRegion region) => Serve(new MemdevDevice(name, region));

    /// <summary>The socket of a port's device.</summary>
    internal string ServePort(string name, Port port, byte mac, BarKind registers = BarKind.Memory) =>
        Serve(new PtnetDevice(name, new PtnetOptions(port, _workers, NotificationPolicy.SpinThenSleep, _quiescence)
        {
            Mac = new PhysicalAddress([2, 0, 0, 0, 0, mac]),
            Registers = registers,
        }));

    public void Dispose()
    {
        _server.Dispose();
        _devices.ForEach(device => device.Dispose());
        _ports.ForEach(port => port.Dispose());
        _workers.Dispose();
        _regions.ForEach(region => region.Dispose());
        _folder.Delete(recursive: true);
    }

    private string Serve(PciDevice device)
    {
        _devices.Add(device);
        return _server.Add(device);
    }
}
