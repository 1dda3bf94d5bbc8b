using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;

namespace Ptnetmap.HostPorts.Xdp;

/// <summary>The XDP program of a port's queues, with the sockets that it redirects to and the counters that it keeps.
/// It does nothing before it is attached, or an <see cref="XdpDispatcher"/> goes on to it.</summary>
public sealed class XdpProgram : IDisposable
{
    private readonly BpfMap _sockets;
    private readonly BpfMap _counters;

    private XdpProgram(BpfMap sockets, BpfMap counters, NicFilter filter)
    {
        _sockets = sockets;
        _counters = counters;
        Filter = filter;
        Program = BpfProgram.LoadXdp(Name, XdpProgramCode.Assemble(sockets, counters, filter));
    }

    /// <summary>The program's name, as <c>ip link</c> shows it.</summary>
    public const string Name = "ptnetmap_nic";

    /// <summary>What it redirects.</summary>
    public NicFilter Filter { get; }

    /// <summary>The program, to be attached.</summary>
    public BpfProgram Program { get; }

    /// <summary>What became of the frames so far.</summary>
    public XdpProgramCounters ReadCounters() => new(
        _counters.Sum(XdpProgramCode.Redirected), _counters.Sum(XdpProgramCode.Filtered),
        _counters.Sum(XdpProgramCode.WithoutSocket));

    /// <summary>Assembles and loads a program.</summary>
    /// <param name="filter">What it redirects.</param>
    /// <param name="queues">Receive queues of the interface.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static XdpProgram Load(NicFilter filter, int queues)
    {
        BpfMap? sockets = null;
        BpfMap? counters = null;
        try
        {
            sockets = BpfMap.Create("ptnetmap_socks", BpfMapKind.XskMap, sizeof(int), (uint)queues);
            counters = BpfMap.Create("ptnetmap_count", BpfMapKind.PerCpuArray, sizeof(ulong), XdpProgramCode.Counters);
            return new XdpProgram(sockets, counters, filter);
        }
        catch
        {
            sockets?.Dispose();
            counters?.Dispose();
            throw;
        }
    }

    /// <summary>From now on, frames of a queue go to this AF_XDP socket; until it is closed.</summary>
    /// <exception cref="LinuxException">There is no such queue, or the socket is not bound.</exception>
    public void SetSocket(int queue, FileDescriptor socket) => _sockets.SetDescriptor((uint)queue, socket);

    /// <summary>From now on, frames of a queue go to the kernel's stack.</summary>
    public void RemoveSocket(int queue) => _ = _sockets.TryDelete((uint)queue);

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        _sockets.Dispose();
        _counters.Dispose();
    }
}
