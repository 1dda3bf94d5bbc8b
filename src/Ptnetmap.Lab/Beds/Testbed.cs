using System.Diagnostics;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Lab.Beds;

/// <summary>Regions, ports, attached guests and the workers that serve them: all that a measurement needs, made in the
/// order of dependence and torn down in the reverse.</summary>
public sealed class Testbed : IDisposable
{
    private const string SwitchName = "vale0";

    private readonly LinuxHost? _linux;
    private readonly Dictionary<Port, GuestAttachment> _attachments = [];
    private MemoryRegion? _partners;
    private WorkerPool? _outsideWorkers;
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<Port> _ports = [];
    private readonly List<IDisposable> _users = [];
    private readonly List<IDisposable> _owned = [];

    /// <summary>Starts the workers of an empty bed.</summary>
    public Testbed(BedSettings settings)
    {
        Settings = settings;
        var threads = new ThreadGuestFactory(settings.GuestSpin, port => _attachments[port]);
        if (settings.Linux is { } boot)
        {
            _linux = new LinuxHost(boot, settings.Policy.Name, settings.Workers);
            Crew = new Crew(settings, new LinuxGuestFactory(_linux, boot.Stop), threads);
            Host = _linux.Host;
            return;
        }

        IGuestFactory factory = settings.Guests == GuestKind.Vm
            ? new VmGuestFactory(settings.GuestSpin, settings.GuestPatience, port => _attachments[port])
            : threads;
        Crew = new Crew(settings, factory, threads);
        Host = new Host(settings.Policy, settings.Workers, settings.Pin.Workers);
    }

    /// <summary>What it is built of.</summary>
    public BedSettings Settings { get; }

    /// <summary>What its ports share.</summary>
    public Host Host { get; }

    /// <summary>Its guests.</summary>
    public Crew Crew { get; }

    /// <summary>All rings.</summary>
    public IEnumerable<Kring> Rings => _ports.SelectMany(port => port.TxRings.Concat(port.RxRings));

    /// <summary>Its regions.</summary>
    public IReadOnlyList<MemoryRegion> Regions => _regions;

    /// <summary>How frames get between a NIC and the regions, where there is a NIC.</summary>
    public NicMode? NicMode { get; set; }

    /// <summary>What the kernel drops between two NIC ports, where there are two.</summary>
    public Func<IEnumerable<Loss>>? WireLosses { get; set; }

    /// <summary>Reads each guest's part of the traffic, where several share a way.</summary>
    public Func<IReadOnlyList<GuestTraffic>>? PerGuest { get; set; }

    /// <summary>Bytes that NIC ports had to move, where there are some.</summary>
    public long? CopiedBytes => NicMode is null ? null : _ports.OfType<NicPort>().Sum(port => port.CopiedBytes);

    /// <summary>The shape of its ports.</summary>
    public PortShape Shape => PortShape.Symmetric(Settings.Rings, Settings.Slots);

    /// <summary>Makes a region for <paramref name="ports"/> ports.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="ports">How many.</param>
    /// <param name="slots">Slots of their rings; null: as the settings say.</param>
    public MemoryRegion AddRegion(string name, int ports, int? slots = null)
    {
        var request = new RegionRequest
        {
            Name = name,
            Id = (ushort)(_regions.Count + 1),
            Ports = ports,
            RingPairs = Settings.Rings,
            Slots = slots ?? Settings.Slots,
            BufferSize = Settings.BufferSize ?? BufferSizeFor(Settings.Frame),
            HugePages = Settings.HugePages,
        };
        MemoryRegion region = _linux?.AddDomain(request) ?? MemoryRegion.Create(request);
        _regions.Add(region);
        return region;
    }

    /// <summary>Makes a connection for two guests, as the settings say, with a port at each end.</summary>
    /// <param name="number">The connection's number.</param>
    /// <param name="partners">Ports in all, of those who trust each other and have one region; strangers have one
    /// each.</param>
    public (Port Left, Port Right) Connect(int number, int partners)
    {
        (Port left, Port right) = Settings.Via == Via.Pipe
            ? AddPipe(number, _partners ??= AddRegion("partners", partners))
            : (OpenStranger(2 * number), OpenStranger((2 * number) + 1));
        return (Attach(left), Attach(right));
    }

    /// <summary>Adds a port of the switch for a guest that trusts nobody, with a region of its own.</summary>
    /// <param name="end">Number of its end, which its address is made of (<see cref="Layouts.MacOf"/>).</param>
    /// <param name="slots">Slots of its rings; null: as the settings say.</param>
    public Port AddStranger(int end, int? slots = null) => Attach(OpenStranger(end, slots));

    /// <summary>Connects two ports of one region with each other.</summary>
    public void Connect(Port left, Port right) =>
        _users.Add(Host.Connect(left, right));

    /// <summary>Adds a port of the switch.</summary>
    /// <param name="name">Its name on the switch.</param>
    /// <param name="region">Where it lies.</param>
    /// <param name="address">Number of the address that is behind it.</param>
    /// <param name="slots">Slots of its rings; null: as the settings say.</param>
    public ValePort AddSwitchPort(string name, MemoryRegion region, ushort address, int? slots = null)
    {
        PortShape shape = slots is { } other ? PortShape.Symmetric(Settings.Rings, other) : Shape;
        ValePort port = (ValePort?)_linux?.AddSwitchPort($"{SwitchName}:{name}", region.Name, shape)
            ?? Host.Switches.OpenPort(SwitchName, name, region, shape);
        _ports.Add(port);

        // Receivers never send, so the switch could not learn where they are, and would flood.
        _ = port.Switch.Table.TryAddStatic(MacAddress.Local(address).Value, port.Number);
        return port;
    }

    /// <summary>Keeps something that ports need until they are closed; the last comes down first.</summary>
    public T Own<T>(T part)
        where T : IDisposable
    {
        _owned.Insert(0, part);
        return part;
    }

    /// <summary>Adds a port.</summary>
    public T Add<T>(T port)
        where T : Port
    {
        _ports.Add(port);
        return port;
    }

    /// <summary>Keeps something that uses ports: it goes before they are closed.</summary>
    public T AddUser<T>(T user)
        where T : IDisposable
    {
        _users.Add(user);
        return user;
    }

    /// <summary>Opens a port for a guest; a Linux guest's driver does that itself.</summary>
    /// <returns>The port.</returns>
    public Port Attach(Port port)
    {
        if (_linux is null)
        {
            _attachments.Add(port, AddUser(Host.Attach(port)));
        }

        return port;
    }

    /// <summary>Opens a port for the network outside. Its rings have a worker of their own: it is another
    /// host.</summary>
    /// <returns>The port.</returns>
    public Port AttachOutside(Port port)
    {
        _attachments.Add(port, AddUser(GuestAttachment.Attach(
            port, _outsideWorkers ??= new WorkerPool(1), Settings.Policy, Host.Quiescence)));
        return port;
    }

    /// <summary>Where frames went that did not arrive; null where nobody counts on the wire.</summary>
    public IReadOnlyList<Loss>? ReadLosses() => WireLosses is null
        ? null
        : [.. _ports.SelectMany(LossesAt).Concat(WireLosses()).Where(loss => loss.Frames != 0)];

    /// <summary>Waits until all guests are up, where they are machines that take a while.</summary>
    public void Boot()
    {
        if (Settings.Linux is { } boot)
        {
            var watch = Stopwatch.StartNew();
            foreach (IBenchGuest guest in Crew.All)
            {
                guest.Boot();
            }

            boot.People.WriteLine($"   {Crew.All.Count()} VMs have booted: {watch.Elapsed.TotalSeconds:F1} s");
            boot.People.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        var end = new Teardown();
        end.StepEach(Crew.FromTheSource, guest => guest.Name, guest => guest.Dispose())
            .StepEach(_users, _ => "user of a port", user => user.Dispose())
            .Step("workers outside", () => _outsideWorkers?.Dispose());
        if (_linux is not null)
        {
            end.Step("daemon", _linux.Dispose).Finish();
            return;
        }

        Host.TakeDown(end, _ports);
        end.StepEach(_owned, _ => "part of the bed", part => part.Dispose())
            .StepEach(_regions, region => $"region {region.Name}", region => region.Dispose())
            .Finish();
    }

    private static IEnumerable<Loss> LossesAt(Port port) => port.TxRings
        .SelectMany(ring => RingReport.DropsOf(ring.Counters.Drops))
        .GroupBy(drop => drop.Key, drop => drop.Value, StringComparer.Ordinal)
        .Select(drops => new Loss(port.Name, drops.Key, drops.Sum()));

    // Whole cache lines, an odd number of them: even strides share few sets of a cache.
    private static int BufferSizeFor(int frame)
    {
        int lines = ((frame + 63) / 64) | 1;
        return Math.Max(RegionRequest.DefaultBufferSize, lines * 64);
    }

    private (Port Master, Port Slave) AddPipe(int number, MemoryRegion region)
    {
        (Port Master, Port Slave) ends = _linux?.AddPipe(number, region.Name, Shape)
            ?? PipePort.Create("bench", number, region, region, Shape, Host.Quiescence);
        _ports.AddRange([ends.Master, ends.Slave]);
        return ends;
    }

    private ValePort OpenStranger(int number, int? slots = null) => AddSwitchPort(
        $"vm{number}", AddRegion($"stranger{number}", 1, slots), Layouts.AddressOf(number), slots);
}
