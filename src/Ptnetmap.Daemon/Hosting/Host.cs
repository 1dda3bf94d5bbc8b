using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Hosting;

/// <summary>What the ports of a process share, whoever composes them: workers and when they sleep, what waits for
/// passes, the switches, and who looks after interfaces. The daemon has one, and so has each bed of a
/// measurement.</summary>
public sealed class Host : IDisposable
{
    private readonly NamespaceWatch _namespaces = new();

    /// <summary>Starts the workers of a host without ports.</summary>
    /// <param name="policy">When its loops sleep, where nothing else is said.</param>
    /// <param name="workers">How many; 0: see <see cref="WorkerPool"/>.</param>
    /// <param name="cpus">The CPU of each worker, when they are to be bound.</param>
    /// <param name="createSwitch">Makes a switch of a name; null: a learning switch.</param>
    /// <param name="ledger">Where changes in NICs are noted, in case this process is killed; null: nowhere.</param>
    /// <exception cref="LinuxException">A CPU is not there, or not to be had.</exception>
    public Host(
        NotificationPolicy policy, int workers = 0, IReadOnlyList<int>? cpus = null,
        Func<string, ValeSwitch>? createSwitch = null, NicLedger? ledger = null)
    {
        Policy = policy;
        Switches = new SwitchTable(Quiescence, createSwitch);
        (Nics, Ledger, Programs) = (new NicSupervisor(_namespaces), ledger, new InterfacePrograms(ledger));
        Workers = new WorkerPool(workers, cpus);
    }

    /// <summary>When its loops sleep, where nothing else is said.</summary>
    public NotificationPolicy Policy { get; }

    /// <summary>The threads that run sync loops.</summary>
    public WorkerPool Workers { get; }

    /// <summary>The one of all its ports.</summary>
    public Quiescence Quiescence { get; } = new();

    /// <summary>The VALE switches that have ports.</summary>
    public SwitchTable Switches { get; }

    /// <summary>Keeps ports and interfaces together.</summary>
    public NicSupervisor Nics { get; }

    /// <summary>Where changes in interfaces are noted, in case this process is killed; null: nowhere.</summary>
    public NicLedger? Ledger { get; }

    /// <summary>The programs of the interfaces that NIC ports have queues of.</summary>
    public InterfacePrograms Programs { get; }

    /// <summary>Gives a port the interface that it is for. One that cannot have it is closed.</summary>
    /// <exception cref="LinuxException">Kernel or driver refuse, or there is no such interface; the message says
    /// why.</exception>
    public Port Supervise(HostLink link)
    {
        try
        {
            return Nics.Add(link).Port;
        }
        catch
        {
            link.Port.Dispose();
            throw;
        }
    }

    /// <summary>Attaches a guest to a port, with a CSB and eventfds of our own.</summary>
    /// <param name="port">The port.</param>
    /// <param name="policy">When its loops sleep; null: as the host's.</param>
    /// <param name="discardUnread">It is another guest than the last one: what that left unread is dropped and
    /// counted.</param>
    /// <exception cref="InvalidOperationException">The port has a guest.</exception>
    public GuestAttachment Attach(Port port, NotificationPolicy? policy = null, bool discardUnread = false) =>
        GuestAttachment.Attach(port, Workers, policy ?? Policy, Quiescence, discardUnread: discardUnread);

    /// <summary>Connects two ports that have no guests.</summary>
    /// <param name="left">One port.</param>
    /// <param name="right">The other.</param>
    /// <param name="policy">When their loops sleep; null: as the host's.</param>
    /// <param name="discardUnread">What a guest left unread is dropped and counted, and not sent to the other
    /// side.</param>
    /// <exception cref="InvalidOperationException">See <see cref="Splice.Connect"/>.</exception>
    public Splice Connect(Port left, Port right, NotificationPolicy? policy = null, bool discardUnread = false) =>
        Splice.Connect(left, right, Workers, policy ?? Policy, Quiescence, discardUnread);

    /// <summary>Ends the workers, then the ports, then the interfaces, in steps of <paramref name="end"/>. Guests and
    /// splices have gone before; regions go after.</summary>
    /// <param name="end">The teardown that this is part of.</param>
    /// <param name="ports">The ports.</param>
    public void TakeDown(Teardown end, IEnumerable<Port> ports) => end
        .Step("workers", Workers.Dispose)
        .StepEach(ports, port => $"port {port.Name}", port => port.Dispose())
        .Step("NICs", Nics.Dispose)
        .Step("network namespaces", _namespaces.Dispose);

    /// <summary>Ends a host whose ports are closed.</summary>
    public void Dispose()
    {
        var end = new Teardown();
        TakeDown(end, []);
        end.Finish();
    }
}
