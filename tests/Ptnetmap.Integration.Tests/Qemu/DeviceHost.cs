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
    private const int Slots = 1024;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-devices-");
    private readonly Quiescence _quiescence = new();
    private readonly NotificationPolicy _policy;
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<Port> _ports = [];
    private readonly List<PciDevice> _devices = [];

    internal DeviceHost(NotificationPolicy? policy = null)
    {
        _policy = policy ?? NotificationPolicy.SpinThenSleep;
        Server = new DeviceServer(_folder.FullName, Observer);
    }

    internal DeviceServer Server { get; }

    internal RecordingObserver Observer { get; } = new();

    internal WorkerPool Workers { get; } = new(1);

    internal ValeSwitch Switch { get; } = ValeSwitch.Create("vale0");

    /// <summary>A region for a number of ports.</summary>
    internal MemoryRegion Region(ushort id, int ports, int ringPairs = 1, int slots = Slots)
    {
        var region = MemoryRegion.Create(new RegionRequest
        {
            Name = $"r{id}",
            Id = id,
            Ports = ports,
            RingPairs = ringPairs,
            Slots = slots,
            HugePages = HugePagePolicy.Off,
        });
        _regions.Add(region);
        return region;
    }

    /// <summary>Both ends of a pipe.</summary>
    internal (PipePort Master, PipePort Slave) Pipe(MemoryRegion region, string name, int ringPairs = 1,
        int slots = Slots)
    {
        (PipePort master, PipePort slave) = PipePort.Create(
            name, 0, region, region, PortShape.Symmetric(ringPairs, slots), _quiescence);
        _ports.AddRange([master, slave]);
        return (master, slave);
    }

    /// <summary>A port of the switch.</summary>
    internal ValePort SwitchPort(MemoryRegion region, string name)
    {
        ValePort port = ValePort.Create(Switch, name, region, PortShape.Symmetric(1, Slots), _quiescence);
        _ports.Add(port);
        return port;
    }

    /// <summary>A guest that is a thread of ours.</summary>
    internal GuestAttachment Attach(Port port) => GuestAttachment.Attach(port, Workers, _policy, _quiescence);

    /// <summary>The socket of a region's device, one a VM.</summary>
    internal string ServeRegion(string name, MemoryRegion region) => Serve(new MemdevDevice(name, region));

    /// <summary>The socket of a port's device.</summary>
    internal string ServePort(string name, Port port, byte mac, BarKind registers = BarKind.Memory) =>
        SocketOf(Ptnet(name, port, mac, registers));

    /// <summary>A port's device, which is served.</summary>
    internal PtnetDevice Ptnet(string name, Port port, byte mac, BarKind registers = BarKind.Memory)
    {
        var device = new PtnetDevice(name, new PtnetOptions(port, Workers, _policy, _quiescence)
        {
            Mac = MacAddress.Local(mac),
            Registers = registers,
        });
        _ = Serve(device);
        return device;
    }

    internal string SocketOf(PciDevice device) => Server.PathOf(device);

    /// <summary>Asks a device on its own thread.</summary>
    internal T Ask<T>(Func<T> question)
    {
        T answer = default!;
        Server.Invoke(() => answer = question());
        return answer;
    }

    public void Dispose()
    {
        Server.Dispose();
        _devices.ForEach(device => device.Dispose());
        _ports.ForEach(port => port.Dispose());
        Workers.Dispose();
        _regions.ForEach(region => region.Dispose());
        Observer.Dispose();
        _folder.Delete(recursive: true);
    }

    private string Serve(PciDevice device)
    {
        _devices.Add(device);
        return Server.Add(device);
    }
}
