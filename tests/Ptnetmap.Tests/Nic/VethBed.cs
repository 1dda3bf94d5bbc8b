using System.Diagnostics;
using Ptnetmap.Guest;
using Ptnetmap.Guest.Programs;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Nic;
using Ptnetmap.Nic.Devices;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Nic;

/// <summary>A NIC port on each end of a veth pair, with a guest attached that the test gives a program.</summary>
internal sealed class VethBed : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly List<GuestThread> _threads = [];
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<NicPort> _ports = [];
    private readonly List<(NicPort Port, GuestAttachment Guest)> _guests = [];

    internal VethBed(int queues = 1, int slots = 1024, Func<NicOptions, NicOptions>? options = null)
    {
        Queues = queues;
        Veth = new VethPair(queues);
        Left = AddPort("left", slots);
        Right = AddPort("right", slots);
        Change = options ?? (same => same);
        RightLink = Supervisor.Add(Right, Options("right", Veth.RightSpace));
        LeftLink = Supervisor.Add(Left, Options("left", Veth.LeftSpace));
    }

    internal int Queues { get; }

    internal VethPair Veth { get; }

    internal Quiescence Quiescence { get; } = new();

    internal WorkerPool Workers { get; } = new(1);

    internal NicSupervisor Supervisor { get; } = new();

    internal NicPort Left { get; }

    internal NicPort Right { get; }

    internal NicLink LeftLink { get; }

    internal NicLink RightLink { get; }

    private Func<NicOptions, NicOptions> Change { get; }

    internal NicOptions Options(string name, NetworkNamespace space) => Change(new NicOptions
    {
        Interface = name,
        Namespace = $"/proc/self/fd/{space.Descriptor.Number}",
        Queues = Queues,
    });

    internal NicPort AddPort(string name, int slots = 256)
    {
        var region = MemoryRegion.Create(new RegionRequest
        {
            Name = name,
            Id = (ushort)(_regions.Count + 1),
            Slots = slots,
            RingPairs = Queues,
            HugePages = HugePagePolicy.Off,
        });
        _regions.Add(region);
        NicPort port = NicPort.Create($"netmap:{name}", region, PortShape.Symmetric(Queues, slots), Quiescence);
        _ports.Add(port);
        return port;
    }

    /// <summary>Attaches a guest and opens its port.</summary>
    internal NetmapPort Attach(NicPort port)
    {
        var guest = GuestAttachment.Attach(port, Workers, NotificationPolicy.SpinThenSleep, Quiescence);
        _guests.Add((port, guest));
        return NetmapPort.Open(
            new LocalChannel(guest.Region, guest.InterfaceOffset, guest.Csb, guest.Kicks, guest.Interrupts, guest.Assist));
    }

    /// <summary>Takes a guest's port away, whatever it does.</summary>
    internal void Detach(NicPort port)
    {
        int place = _guests.FindIndex(guest => guest.Port == port);
        _guests[place].Guest.Dispose();
        _guests.RemoveAt(place);
    }

    /// <summary>Runs a program on a thread of its own until the bed is taken down.</summary>
    internal T Run<T>(T program)
        where T : GuestProgram
    {
        var thread = new GuestThread(program, typeof(T).Name);
        _threads.Add(thread);
        thread.Start();
        return program;
    }

    internal static void Await(Func<bool> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, $"waited in vain: {what}");
            Thread.Yield();
        }
    }

    public void Dispose()
    {
        _threads.ForEach(thread => thread.Dispose());
        _guests.ForEach(guest => guest.Guest.Dispose());
        Supervisor.Dispose();
        _ports.ForEach(port => port.Dispose());
        Workers.Dispose();
        _regions.ForEach(region => region.Dispose());
        Veth.Dispose();
    }
}
