using Ptnetmap.Client;
using Ptnetmap.Memory;
using Ptnetmap.MicroVm;
using Ptnetmap.MicroVm.Programs;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.MicroVm;

/// <summary>Regions, ports, a worker, and machines or guest threads on them; all taken down in the right
/// order.</summary>
internal sealed class MachineBed : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Stack<IDisposable> _parts = [];
    private readonly Quiescence _quiescence = new();
    private readonly WorkerPool _workers;
    private int _count;

    internal MachineBed()
    {
        Needs.Kvm();
        _workers = Add(new WorkerPool(1));
    }

    internal MemoryRegion Region(int ports, int slots, int ringPairs = 1, int bufferSize = 2112) =>
        Add(MemoryRegion.Create(new RegionRequest
        {
            Name = $"r{_count++}",
            Ports = ports,
            Slots = slots,
            RingPairs = ringPairs,
            BufferSize = bufferSize,
            HugePages = HugePagePolicy.Off,
        }));

    internal (GuestAttachment First, GuestAttachment Second) Pipe(MemoryRegion region, int slots, int ringPairs = 1)
    {
        (PipePort first, PipePort second) = PipePort.Create(
            "link", _count++, region, region, PortShape.Symmetric(ringPairs, slots), _quiescence);
        Add(first);
        Add(second);
        return (Attach(first), Attach(second));
    }

    internal GuestAttachment SwitchPort(ValeSwitch vale, MemoryRegion region, int slots, PortVlans? vlans = null) =>
        Attach(Add(ValePort.Create(vale, $"p{_count++}", region, PortShape.Symmetric(1, slots), _quiescence, vlans)));

    /// <summary>Keeps the worker busy from now on: it makes no passes for others.</summary>
    internal void OccupyWorker()
    {
        const int slots = 64;
        BusyPort port = Add(new BusyPort(Region(1, slots), slots, _quiescence));
        GuestAttachment attachment = Attach(port);
        _ = Add(port.Ending);
        attachment.Kicks[0].Signal();
        Assert.True(port.IsEntered(Patience), "the worker did not come");
    }

    internal MicroVirtualMachine Machine(MicroVmProgram program, params GuestAttachment[] ports) =>
        Add(MicroVirtualMachine.Start(new MicroVmOptions
        {
            Name = $"vm{_count++}",
            Program = program,
            Ports = ports,
        }));

    internal GuestThread Thread(Func<NetmapPort, GuestProgram> program, GuestAttachment port)
    {
        var channel = new LocalChannel(
            port.Region, port.InterfaceOffset, port.Csb, port.Kicks, port.Interrupts, port.Assist);
        GuestThread thread = Add(new GuestThread(program(NetmapPort.Open(channel)), $"guest{_count++}"));
        thread.Start();
        return thread;
    }

    internal static void AssertEnded(MicroVirtualMachine machine)
    {
        Assert.True(machine.Wait(Patience), $"{machine.Options.Name}: still running, {machine.Counters}");
        Assert.True(machine.State == MicroVmState.Finished,
            $"{machine.Options.Name}: {machine.State} {machine.Reason}");
    }

    internal static void AssertClean(MicroVmCounters counters, long packets)
    {
        Assert.Equal(packets, counters.Packets);
        Assert.Equal((0, 0, 0, 0), (counters.Lost, counters.Duplicated, counters.Reordered, counters.Damaged));
    }

    public void Dispose()
    {
        while (_parts.TryPop(out IDisposable? part))
        {
            part.Dispose();
        }
    }

    private GuestAttachment Attach(Port port) =>
        Add(GuestAttachment.Attach(port, _workers, NotificationPolicy.SpinThenSleep, _quiescence));

    private T Add<T>(T part)
        where T : IDisposable
    {
        _parts.Push(part);
        return part;
    }
}
