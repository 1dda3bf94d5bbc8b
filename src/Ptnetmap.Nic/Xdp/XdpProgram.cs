using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;

namespace Ptnetmap.Nic.Xdp;

/// <summary>The XDP program of an interface: a frame goes to the socket of the queue that it came by.</summary>
public sealed class XdpProgram : IDisposable
{
    private const int QueueIndex = 16;

    private readonly BpfMap _sockets;

    private XdpProgram(NicFilter filter, BpfMap sockets, BpfProgram program)
    {
        Filter = filter;
        _sockets = sockets;
        Program = program;
    }

    /// <summary>What it takes.</summary>
    public NicFilter Filter { get; }

    /// <summary>The program, to be attached.</summary>
    public BpfProgram Program { get; }

    /// <summary>Loads it.</summary>
    public static XdpProgram Load(NicFilter filter, int queues)
    {
        var sockets = BpfMap.Create("ptnet_queues", BpfMapKind.XskMap, sizeof(int), (uint)queues);
        try
        {
            var assembler = new BpfAssembler();
            assembler.LoadFrom(BpfSize.Word, BpfRegister.R2, BpfRegister.R1, QueueIndex);
            assembler.LoadMap(BpfRegister.R1, sockets);
            assembler.Move(BpfRegister.R3, (int)XdpAction.Pass);
            assembler.Call(BpfHelper.RedirectMap);
            assembler.Exit();
            return new XdpProgram(filter, sockets, BpfProgram.LoadXdp("ptnet", assembler.Assemble()));
        }
        catch
        {
            sockets.Dispose();
            throw;
        }
    }

    /// <summary>What it has done.</summary>
    public XdpProgramCounters ReadCounters() => Program is null ? default : new();

    /// <summary>Frames of this queue go to this socket from now on.</summary>
    public void SetSocket(int queue, FileDescriptor socket) => _sockets.SetSocket((uint)queue, socket);

    /// <summary>Frames of this queue go to the stack.</summary>
    public void RemoveSocket(int queue) => _ = _sockets.TryDelete((uint)queue);

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        _sockets.Dispose();
    }
}
