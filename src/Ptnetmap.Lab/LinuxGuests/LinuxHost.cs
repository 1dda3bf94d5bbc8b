using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Service;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>A daemon of a bed's own, with a private run directory: QEMU finds there what it finds at any
/// other.</summary>
public sealed class LinuxHost : IDisposable
{
    private const int GuestMemoryMiB = 256;

    // Linux guests take registers in memory, where a kick is a store and no system call.
    private static readonly EndSettings End = new() { Bar = "memory" };

    private readonly LinuxBoot _boot;
    private readonly ILoggerFactory _logs;
    private readonly DaemonHost _daemon;

    /// <summary>Starts one without ports.</summary>
    /// <param name="boot">What its guests are booted from.</param>
    /// <param name="policy">When its loops sleep.</param>
    /// <param name="workers">How many; 0: see <see cref="Passthrough.WorkerPool"/>.</param>
    public LinuxHost(LinuxBoot boot, string policy, int workers)
    {
        _boot = boot;
        var settings = new DaemonSettings { LogLevel = "warning", Policy = policy, Workers = workers };
        _logs = LogSetup.Create(settings);
        try
        {
            _daemon = DaemonHost.Start(settings, boot.RunDirectory, DaemonHost.CreateTransports(), _logs).GetAwaiter()
                .GetResult();
        }
        catch
        {
            _logs.Dispose();
            throw;
        }
    }

    /// <summary>What its ports share.</summary>
    public Host Host => Inventory.Host;

    private Inventory Inventory => _daemon.Inventory;

    /// <summary>Makes a trust domain.</summary>
    /// <returns>Its region.</returns>
    public MemoryRegion AddDomain(RegionRequest request) => Inventory.AddDomain(new DomainSettings
    {
        Name = request.Name,
        Ports = request.Ports,
        Rings = request.RingPairs,
        Slots = request.Slots,
        BufferSize = request.BufferSize,
        HugePages = request.HugePages.ToString().ToLowerInvariant(),
    }).Region;

    /// <summary>Makes a pipe in a trust domain.</summary>
    /// <returns>Both ends.</returns>
    public (Port Master, Port Slave) AddPipe(int number, string domain, PortShape shape)
    {
        ServedPipe pipe = Inventory.AddPipe(new PipeSettings
        {
            Name = $"bench{{{number}",
            Domain = domain,
            Rings = shape.TxRings,
            Slots = shape.TxSlots,
            Master = End,
            Slave = End,
        });
        return (pipe.Master.Port, pipe.Slave.Port);
    }

    /// <summary>Makes a port of a switch, in a trust domain.</summary>
    public Port AddSwitchPort(string name, string domain, PortShape shape) => Inventory.AddPort(
        new PortSettings
        {
            Name = name,
            Domain = domain,
            Rings = shape.TxRings,
            Slots = shape.TxSlots,
            Bar = End.Bar,
        }).Port;

    /// <summary>Starts a virtual machine that the port is passed through to; it is not up yet.</summary>
    public GuestMachine StartMachine(string name, Port port)
    {
        var vm = VmArguments.Of(Inventory, new VmSettings { Ports = [port.Name], MemoryMiB = GuestMemoryMiB });
        GuestFiles files = _boot.Files;
        return GuestMachine.Start(
            files.Qemu, name, new QemuArguments(vm, _boot.Accelerator, files.Kernel, files.Initrd), _boot.Folder);
    }

    /// <summary>True while a guest uses the port's rings.</summary>
    public bool IsAttached(Port port) => Inventory.FindPort(port.Name).Transport.State == TransportState.Attached;

    /// <inheritdoc/>
    public void Dispose()
    {
        var end = new Teardown();
        end.Step("daemon", () => _daemon.DisposeAsync().AsTask().GetAwaiter().GetResult()).Step("log",
            _logs.Dispose).Finish();
    }
}
