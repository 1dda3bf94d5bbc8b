using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Serving;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Daemon.Transports;

/// <summary>A port as a ptnet device of a VM under an unmodified QEMU, beside it the memdev of the port's region: a
/// vfio-user socket each in the run directory, for one QEMU at a time. Each port has a memdev of its own, because VMs
/// that share a region need one each; a VM with two ports of one region takes only one.</summary>
public sealed class QemuTransport : IPortTransport
{
    /// <summary>The kind's name.</summary>
    public const string Name = "qemu";

    // A port's name as a file's has no dot.
    private const string MemorySuffix = ".mem";

    private readonly TransportContext _context;
    private readonly DeviceServer _server;
    private readonly ClientObserver _observer;
    private readonly ClientRecord _record;
    private readonly string _socket;
    private readonly string _memorySocket;
    private readonly PtnetDevice _device;
    private readonly MemdevDevice _memory;
    private volatile bool _isServed;

    /// <summary>Makes the devices; QEMU can connect after the first <see cref="Attach"/>.</summary>
    /// <param name="context">What it serves.</param>
    /// <param name="observer">Learns what clients do.</param>
    /// <param name="patience">How long its device thread is waited for; null: as the server does.</param>
    public QemuTransport(TransportContext context, ClientObserver observer, TimeSpan? patience = null)
    {
        _context = context;
        _observer = observer;
        string port = context.Port.Name;
        _socket = context.RunDirectory.SocketFor(port);
        _memorySocket = context.RunDirectory.SocketFor(port, MemorySuffix);
        _record = new ClientRecord(port) { Changed = context.GuestChanged };
        BarKind registers = Enum.Parse<BarKind>(context.Settings.Bar, ignoreCase: true);
        _device = new PtnetDevice(port,
            new PtnetOptions(context.Port, context.Host.Workers, context.Policy, context.Host.Quiescence)
            {
                Mac = context.Mac,
                Registers = registers,
                Offloads = context.Settings is not PortSettings { Offloads: false },
                AllowUnsealedMemory = context.Settings.AllowUnsealedMemory,
                RunningChanged = RunningChanged,
                MemoryLost = MemoryLost,
                InterruptsDear = () => TransportLog.DearInterrupts(context.Log, port),
            });
        try
        {
            _memory = new MemdevDevice(port, context.Port.Region, registers);
            _server = new DeviceServer(context.RunDirectory.Path, observer, patience);
        }
        catch
        {
            _device.Dispose();
            _memory?.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public TransportState State =>
        !_isServed || _device.IsHeld ? TransportState.Detached
        : _device.IsRunning ? TransportState.Attached
        : _device.IsGivenUp || _memory.IsGivenUp ? TransportState.Lost
        : TransportState.Waiting;

    /// <inheritdoc/>
    public string? Endpoint => _isServed ? _socket : null;

    /// <inheritdoc/>
    public string? Note => State switch
    {
        TransportState.Detached when _device.IsConnected => "QEMU is connected, its guest is kept away",
        TransportState.Attached when _device.HasDearInterrupts =>
            "its client has made interrupts dear (who watches their eventfds?): they come from a thread that takes " +
                "a tenth of a processor",
        TransportState.Lost =>
            "QEMU waited too long for the daemon and gave the device up for good; end this VM and start it anew",
        TransportState.Waiting when _device.IsConnected && _device.Loss is { } loss =>
            $"the guest has lost memory: {loss}",
        TransportState.Waiting when _device.IsConnected && _device.WasTurnedAway =>
            "QEMU is connected, the guest's driver was refused while the port was detached; take the interface down " +
                "and up in the guest",
        TransportState.Waiting when _device.IsConnected =>
            "QEMU is connected, the guest's driver has not started the port",
        TransportState.Waiting => "no QEMU is connected",
        _ => null,
    };

    /// <inheritdoc/>
    public GuestCounters? Guest => null;

    /// <inheritdoc/>
    public DeviceState? Device => new DeviceState
    {
        Socket = _socket,
        MemorySocket = _memorySocket,
        IsConnected = _device.IsConnected,
        IsMemoryConnected = _memory.IsConnected,
        Csb = _device.Csb,
        Interrupts = _device.Interrupts,
        Features = _device.Features,
        HeaderLength = _device.HeaderLength,
        Kicks = _device.Kicks,
        Messages = _device.Messages + _memory.Messages,
        Refusals = _record.Refusals,
    };

    /// <inheritdoc/>
    public void LookAfter()
    {
        if (_isServed)
        {
            _server.LookAfter();
        }
    }

    /// <inheritdoc/>
    public void AwaitAnswer()
    {
        try
        {
            _server.Invoke(() => { });
        }
        catch (Exception silent) when (silent is TimeoutException or ObjectDisposedException)
        {
            // What is asked of it next is not waited for, then.
        }
    }

    /// <inheritdoc/>
    public void Attach()
    {
        if (_isServed)
        {
            _server.Invoke(() => _device.Hold(false));
            return;
        }

        _observer.Add(_device, _record);
        _observer.Add(_memory, _record);
        try
        {
            _server.Add(_memory, _memorySocket);
            _server.Add(_device, _socket);
            _isServed = true;
        }
        catch
        {
            Withdraw();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Detach()
    {
        if (_isServed)
        {
            _server.Invoke(() => _device.Hold(true));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Withdraw();
            _server.Dispose();
        }
        catch (TimeoutException)
        {
            // The device thread hangs and may come back at any time, and the guest's loops go on: what they use stays.
            _context.Port.KeepForStuckPass();
            Quiescence.Keep(this);
            _server.Abandon();
            _observer.Remove(_device);
            _observer.Remove(_memory);
            TransportLog.DeviceStuck(_context.Log, _context.Port.Name);
            return;
        }

        _device.Dispose();
        _memory.Dispose();
    }

    private void Withdraw()
    {
        _server.Remove(_device);
        _server.Remove(_memory);
        _observer.Remove(_device);
        _observer.Remove(_memory);
        _isServed = false;
    }

    // On the device thread.
    private void MemoryLost(string loss)
    {
        if (_record.Faults.TryPass(out long passedOver))
        {
            TransportLog.LostMemory(_context.Log, _context.Port.Name, loss, passedOver);
        }
    }

    // On the device thread. A guest may start and stop as often as it likes, the log says so now and then.
    private void RunningChanged()
    {
        _context.GuestChanged();
        if (!_record.Comings.TryPass(out _))
        {
            return;
        }

        if (_device.IsRunning)
        {
            TransportLog.Attached(_context.Log, _context.Port.Name, Name);
        }
        else
        {
            TransportLog.Detached(_context.Log, _context.Port.Name, Name);
        }
    }
}
