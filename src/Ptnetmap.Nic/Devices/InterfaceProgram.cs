using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Nic.Xdp;

namespace Ptnetmap.Nic.Devices;

/// <summary>The XDP program of one interface. Ports that have queues of the same interface share it; the last one takes it
/// off. A link holds it, so the kernel takes it off when the process ends, however that happens.</summary>
public sealed class InterfaceProgram
{
    private readonly InterfacePrograms _owner;
    private readonly XdpProgram _program;
    private readonly BpfLink _link;

    internal InterfaceProgram(InterfacePrograms owner, (ulong Space, int Index) key, XdpProgram program, BpfLink link, XdpAttachMode mode)
    {
        _owner = owner;
        Key = key;
        _program = program;
        _link = link;
        AttachMode = mode;
    }

    /// <summary>Where it runs.</summary>
    public XdpAttachMode AttachMode { get; }

    /// <summary>What it takes.</summary>
    public NicFilter Filter => _program.Filter;

    /// <summary>What it has done.</summary>
    public XdpProgramCounters ReadCounters() => _program.ReadCounters();

    internal (ulong Space, int Index) Key { get; }

    internal int Users { get; set; }

    internal void Redirect(int queue, FileDescriptor socket) => _program.SetSocket(queue, socket);

    internal void Forget(int queue) => _program.RemoveSocket(queue);

    internal void Release() => _owner.Release(this);

    internal void Detach()
    {
        _link.Dispose();
        _program.Dispose();
    }
}
