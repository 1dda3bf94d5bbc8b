using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Passthrough;

/// <summary>A guest attached to a port: the one door through which a thread, a process or a VM reaches it. It has the
/// port's rings (in the region), a CSB, a kick and an interrupt a ring, and nothing else.</summary>
public sealed class GuestAttachment : IDisposable
{
    private readonly ServedRing[] _loops;
    private bool _detached;

    private GuestAttachment(
        Port port, GuestDoor door, CsbMemory? csb, WorkerPool workers, NotificationPolicy policy, Quiescence quiescence)
    {
        Port = port;
        OwnCsb = csb;
        Kicks = door.Kicks;
        Interrupts = door.Interrupts;
        Loops = new LoopSet(workers, quiescence);
        _loops = new ServedRing[port.TxRings.Length + port.RxRings.Length];
        try
        {
            MakeLoops(door, policy);
            Loops.Start();
        }
        catch
        {
            Dispose();
            throw;
        }

        Array.ForEach(Port.RxRings, Port.PullFeeders);
    }

    /// <summary>The port.</summary>
    public Port Port { get; }

    /// <summary>The port's region.</summary>
    public MemoryRegion Region => Port.Region;

    /// <summary>Offset of the port's <c>netmap_if</c> in the region.</summary>
    public long InterfaceOffset => Port.Memory.InterfaceOffset;

    /// <summary>The port's rings and slots.</summary>
    public PortShape Shape => Port.Memory.Shape;

    /// <summary>The CSB, when it is ours.</summary>
    /// <exception cref="InvalidOperationException">The guest brought its own.</exception>
    public CsbMemory Csb => OwnCsb ?? throw new InvalidOperationException("the guest brought its own CSB");

    /// <summary>From the guest, one a ring.</summary>
    public EventFd[] Kicks { get; }

    /// <summary>To the guest, one a ring.</summary>
    public EventFd[] Interrupts { get; }

    internal LoopSet Loops { get; }

    private CsbMemory? OwnCsb { get; }

    /// <summary>Attaches a guest to <paramref name="port"/>, with a CSB and eventfds of our own.</summary>
    /// <param name="port">The port.</param>
    /// <param name="workers">Who runs its sync loops.</param>
    /// <param name="policy">When they sleep.</param>
    /// <param name="quiescence">The one that the port was made with.</param>
    /// <param name="vnetHeaderLength">See <see cref="GuestDoor.VnetHeaderLength"/>.</param>
    /// <param name="discardUnread">It is another guest than the last one: what that left unread is dropped and
    /// counted.</param>
    /// <exception cref="InvalidOperationException">The port has a guest.</exception>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for the port's buffers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port cannot use such a header.</exception>
    public static GuestAttachment Attach(
        Port port,
        WorkerPool workers,
        NotificationPolicy policy,
        Quiescence quiescence,
        int vnetHeaderLength = 0,
        bool discardUnread = false)
    {
        Prepare(port, resumes: false, discardUnread, vnetHeaderLength);
        var csb = new CsbMemory(port.Name.Replace('/', '-'));
        GuestDoor door = MakeDoor(csb, port.TxRings.Length + port.RxRings.Length);
        return new GuestAttachment(port, door, csb, workers, policy, quiescence);
    }

    /// <summary>Attaches a guest that brought its own door (QEMU: the CSB is in the guest's memory, the interrupts are
    /// the client's eventfds). Unless it resumes, its receive rings are empty: what another left unread is dropped and
    /// counted. The caller disposes of what is in it, after this object.</summary>
    /// <exception cref="InvalidOperationException">The port has a guest.</exception>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for the port's buffers.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The port cannot use the guest's header.</exception>
    public static GuestAttachment Attach(
        Port port, GuestDoor door, WorkerPool workers, NotificationPolicy policy, Quiescence quiescence)
    {
        Prepare(port, door.Resumes, discardUnread: !door.Resumes, door.VnetHeaderLength);
        return new GuestAttachment(port, door, csb: null, workers, policy, quiescence);
    }

    /// <summary>The guest is about to sleep: does what it would be woken for, on the caller's thread. Its transmit
    /// rings are sent, and what waits for its receive rings is brought.</summary>
    public void Assist()
    {
        foreach (ServedRing loop in _loops)
        {
            loop.RunPass();
        }
    }

    /// <summary>True when it was detached while a pass did not end: the guest's CSB and eventfds may still be used, and
    /// are to stay for as long as the process lives.</summary>
    public bool IsStranded { get; private set; }

    /// <summary>The guest itself cannot be waited for: what it was given stays, for as long as the process
    /// lives.</summary>
    public void Strand()
    {
        IsStranded = true;
        Port.KeepForStuckPass();
    }

    /// <summary>Detaches the guest, whatever it is doing: on return no pass touches its CSB or eventfds any more,
    /// unless it is <see cref="IsStranded"/>. The port stays, with what is in its rings.</summary>
    public void Dispose()
    {
        if (_detached)
        {
            return;
        }

        _detached = true;
        if (!Loops.TryEnd())
        {
            Strand();
        }

        if (IsStranded)
        {
            Quiescence.Keep(this);
            return;
        }

        Loops.Dispose();
        if (OwnCsb is not null)
        {
            Array.ForEach(Kicks, kick => kick.Dispose());
            Array.ForEach(Interrupts, interrupt => interrupt.Dispose());
            OwnCsb.Dispose();
        }
    }

    private static GuestDoor MakeDoor(CsbMemory csb, int rings)
    {
        var door = new GuestDoor(new CsbHostView[rings], new EventFd[rings], new EventFd[rings]);
        try
        {
            for (int i = 0; i < rings; i++)
            {
                door.Csb[i] = csb.Host(i);
                door.Kicks[i] = new EventFd();
                door.Interrupts[i] = new EventFd();
            }

            return door;
        }
        catch
        {
            Array.ForEach(door.Kicks, kick => kick?.Dispose());
            Array.ForEach(door.Interrupts, interrupt => interrupt?.Dispose());
            csb.Dispose();
            throw;
        }
    }

    // Receive rings begin first: what the transmit loops deliver, perhaps to ourselves by way of the peer, finds them
    // open.
    private void MakeLoops(GuestDoor door, NotificationPolicy policy)
    {
        int tx = Port.TxRings.Length;
        for (int i = _loops.Length - 1; i >= 0; i--)
        {
            Kring ring = i < tx ? Port.TxRings[i] : Port.RxRings[i - tx];
            var user = new CsbDoor(ring, door.Csb[i], Interrupts[i], door.Resumes);
            RingPass? pass = i < tx ? new TxPass(Port, user)
                : Port.SourceOf(ring) is { } source ? new RxSourcePass(Port, source, user) : null;
            _loops[i] =
                pass is null ? new RxSyncLoop(Port, user, Kicks[i]) : new SyncLoop(pass, user, Kicks[i], policy);
            Loops.Add(_loops[i]);
        }
    }

    // The slots of a guest that goes on are its own, and in use; what it has not read yet, it will.
    private static void Prepare(Port port, bool resumes, bool discardUnread, int vnetHeaderLength)
    {
        if (port.TxRings[0].Client is not null)
        {
            throw new InvalidOperationException($"port {port.Name} has a guest already; detach that one first");
        }

        port.RefuseStuckPass();
        if (!resumes)
        {
            port.PrepareForGuest();
        }

        port.Populate();
        if (discardUnread)
        {
            port.DiscardUnread();
        }

        port.SetVnetHeaderLength(vnetHeaderLength);
    }
}
