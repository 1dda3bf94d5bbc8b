using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using static Ptnetmap.Linux.Bpf.BpfRegister;

namespace Ptnetmap.HostPorts.Xdp;

/// <summary>The one program that an interface can have: goes on to the <see cref="XdpProgram"/> of the queue that a
/// frame came by, so that each port has its own filter and its own counters. Frames of other queues go to the kernel's
/// stack.</summary>
public sealed class XdpDispatcher : IDisposable
{
    // struct xdp_md
    private const int ContextQueue = 16;

    private readonly BpfMap _programs;

    private XdpDispatcher(BpfMap programs)
    {
        _programs = programs;
        Program = BpfProgram.LoadXdp(XdpProgram.Name, Assemble(programs));
    }

    /// <summary>The program, to be attached.</summary>
    public BpfProgram Program { get; }

    /// <summary>Loads it; all frames pass until a queue has a program.</summary>
    /// <param name="queues">Receive queues of the interface.</param>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public static XdpDispatcher Load(int queues)
    {
        var programs = BpfMap.Create("ptnetmap_progs", BpfMapKind.ProgramArray, sizeof(int), (uint)queues);
        try
        {
            return new XdpDispatcher(programs);
        }
        catch
        {
            programs.Dispose();
            throw;
        }
    }

    /// <summary>From now on, frames of a queue are this program's.</summary>
    /// <exception cref="LinuxException">There is no such queue.</exception>
    public void SetProgram(int queue, XdpProgram program) =>
        _programs.SetDescriptor((uint)queue, program.Program.Descriptor);

    /// <summary>From now on, frames of a queue go to the kernel's stack.</summary>
    public void RemoveProgram(int queue) => _ = _programs.TryDelete((uint)queue);

    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        _programs.Dispose();
    }

    // A tail call does not come back, unless there is no program.
    private static BpfInstruction[] Assemble(BpfMap programs)
    {
        var code = new BpfAssembler();
        code.LoadFrom(BpfSize.Word, R3, R1, ContextQueue);
        code.LoadMap(R2, programs);
        code.Call(BpfHelper.TailCall);
        code.Move(R0, (int)XdpAction.Pass);
        code.Exit();
        return code.Assemble();
    }
}
