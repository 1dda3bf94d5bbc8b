using System.Diagnostics;
using Ptnetmap.Client;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux.Net;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.TestSupport;

/// <summary>A NIC port on each end of a veth pair, with a guest attached that the test gives a program.</summary>
public sealed class VethBed : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly List<GuestThread> _threads = [];
    private readonly List<MemoryRegion> _regions = [];
    private readonly List<NicPort> _ports = [];
    private readonly List<(NicPort Port, GuestAttachment Guest)> _guests = [];

    public VethBed(int queues = 1, int slots = 1024, Func<NicOptions, NicOptions>? options = null)
    {
        Queues = queues;
        Veth = new VethPair(queues);
        Left = AddPort("left", slots);
        Right = AddPort("right", slots);
        Change = options ?? (same => same);
        RightLink = Add(Right, Options("right", Veth.RightSpace));
        LeftLink = Add(Left, Options("left", Veth.LeftSpace));
    }

    public int Queues { get; }

    public VethPair Veth { get; }

    public Quiescence Quiescence { get; } = new();

    public WorkerPool Workers { get; } = new(1);

    public NicSupervisor Supervisor { get; } = new();

    public InterfacePrograms Programs { get; } = new();

    public NicPort Left { get; }

    public NicPort Right { get; }

    public NicLink LeftLink { get; }

    public NicLink RightLink { get; }

    private Func<NicOptions, NicOptions> Change { get; }

    public NicOptions Options(string name, NetworkNamespace space) => Change(new NicOptions
    {
        Interface = name,
        Namespace = $"/proc/self/fd/{space.Descriptor.Number}",
        Queues = Queues,
    });

    /// <summary>Gives a port an interface.</summary>
    public NicLink Add(NicPort port, NicOptions options) => Supervisor.Add(new NicLink(port, options, Programs));

    public NicPort AddPort(string name, int slots = 256, int? queues = null)
    {
        var region = MemoryRegion.Create(new RegionRequest
        {
            Name = name,
            Id = (ushort)(_regions.Count + 1),
            Slots = slots,
            RingPairs = queues ?? Queues,
            HugePages = HugePagePolicy.Off,
        });
        _regions.Add(region);
        NicPort port =
            NicPort.Create($"netmap:{name}", region, PortShape.Symmetric(queues ?? Queues, slots), Quiescence);
        _ports.Add(port);
        return port;
    }

    /// <summary>Attaches a guest, whatever it is.</summary>
    public GuestAttachment AttachGuest(NicPort port)
    {
        var guest = GuestAttachment.Attach(port, Workers, NotificationPolicy.SpinThenSleep, Quiescence);
        _guests.Add((port, guest));
        return guest;
    }

    /// <summary>Attaches a guest that is a thread, and opens its port.</summary>
    public NetmapPort Attach(NicPort port)
    {
        GuestAttachment guest = AttachGuest(port);
        return NetmapPort.Open(
            new LocalChannel(guest.Region, guest.InterfaceOffset, guest.Csb, guest.Kicks, guest.Interrupts,
                guest.Assist));
    }

    /// <summary>Waits until the kernel has buffers to receive into: before, frames are dropped.</summary>
    public static void AwaitBuffers(NicPort port)
    {
        foreach (Kring ring in port.RxRings)
        {
            var queue = (NicRxQueue)port.SourceOf(ring)!;
            Await(() => queue.Held == ring.SlotCount - 1, "buffers to be lent");
        }
    }

    /// <summary>Sends frames on a port's first ring.</summary>
    public static void Send(NetmapPort port, byte[][] frames)
    {
        TxRing tx = port.TxRings[0];
        foreach (byte[] frame in frames)
        {
            Assert.True(tx.WaitForSpace(Patience));
            frame.CopyTo(tx.Frame(0));
            tx.SetLength(0, frame.Length);
            tx.Advance(1);
        }

        _ = tx.TxSync();
    }

    /// <summary>Takes so many frames from a port's first ring.</summary>
    public static IReadOnlyList<byte[]> Receive(NetmapPort port, int count)
    {
        RxRing rx = port.RxRings[0];
        var frames = new List<byte[]>();
        while (frames.Count < count)
        {
            Assert.True(rx.WaitForPackets(Patience), $"{frames.Count} of {count} frames came");
            for (; rx.Available != 0; rx.Release(1))
            {
                frames.Add(rx.Frame(0).ToArray());
            }
        }

        _ = rx.RxSync();
        return frames;
    }

    /// <summary>Ends a program's thread.</summary>
    public void Stop(GuestProgram program)
    {
        GuestThread thread = _threads.Single(thread => thread.Program == program);
        _ = _threads.Remove(thread);
        thread.Dispose();
    }

    /// <summary>Takes a guest's port away; no thread uses it.</summary>
    public void Detach(NicPort port)
    {
        int place = _guests.FindIndex(guest => guest.Port == port);
        _guests[place].Guest.Dispose();
        _guests.RemoveAt(place);
    }

    /// <summary>Runs a program on a thread of its own until the bed is taken down.</summary>
    public T Run<T>(T program)
        where T : GuestProgram
    {
        var thread = new GuestThread(program, typeof(T).Name);
        _threads.Add(thread);
        thread.Start();
        return program;
    }

    public static void Await(Func<bool> condition, string what)
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
