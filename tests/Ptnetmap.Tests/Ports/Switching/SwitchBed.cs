using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>A switch with a clock that stands still, and ports that each live in a region of their own.</summary>
internal sealed class SwitchBed : IDisposable
{
    /// <summary>A tick of the table is one second.</summary>
    public static readonly TimeSpan Ageing = TimeSpan.FromSeconds(15);

    private readonly List<BedPort> _ports = [];
    private ushort _lastRegion;

    /// <summary>Makes a switch that waits for no receiver, unless it is told to.</summary>
    public SwitchBed(TimeSpan patience = default)
    {
        Switch = ValeSwitch.Create("vale0", Ageing, Clock);
        Switch.Patience = patience;
    }

    public ManualClock Clock { get; } = new();

    public Quiescence Quiescence { get; } = new();

    public ForwardingTable Table => Switch.Table;

    public ValeSwitch Switch { get; }

    public BedPort Add(int slots = 64, int bufferSize = 2112, int rings = 1, bool attach = true, int headerLength = 0,
        PortVlans? vlans = null)
    {
        BedPort port = AddTransient($"p{_ports.Count}", slots, bufferSize, rings, attach, headerLength, vlans);
        _ports.Add(port);
        return port;
    }

    /// <summary>Adds a port that the caller disposes of.</summary>
    public BedPort AddTransient(
        string name, int slots = 64, int bufferSize = 2112, int rings = 1, bool attach = true, int headerLength = 0,
        PortVlans? vlans = null)
    {
        MemoryRegion region = MemoryRegion.Create(new RegionRequest
        {
            Name = name,
            Id = ++_lastRegion,
            RingPairs = rings,
            Slots = slots,
            BufferSize = bufferSize,
            HugePages = HugePagePolicy.Off,
        });
        PortShape shape = PortShape.Symmetric(rings, slots);
        return new BedPort(ValePort.Create(Switch, name, region, shape, Quiescence, vlans), Quiescence, attach,
            headerLength);
    }

    /// <summary>Empties all receive rings.</summary>
    public void TakeAll() => _ports.ForEach(port => port.Take());

    public void Dispose()
    {
        foreach (BedPort port in _ports)
        {
            port.Dispose();
        }
    }
}
