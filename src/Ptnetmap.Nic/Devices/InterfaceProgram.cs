using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Nic.Ledger;
using Ptnetmap.Nic.Xdp;

namespace Ptnetmap.Nic.Devices;

/// <summary>The XDP program of one interface. Ports that have queues of the same interface share it; the last one takes it
/// off. A link holds it, so the kernel takes it off when the process ends, however that happens.</summary>
public sealed class InterfaceProgram
{
    private readonly InterfacePrograms _owner;
    private readonly XdpDispatcher _dispatcher;
    private readonly BpfLink _link;
    private readonly TagsInFrames _tags;

    internal InterfaceProgram(InterfacePrograms owner, (ulong Space, int Index) key, XdpDispatcher dispatcher, BpfLink link, XdpAttachMode mode,
        TagsInFrames tags)
    {
        _owner = owner;
        Key = key;
        _dispatcher = dispatcher;
        _link = link;
        _tags = tags;
        AttachMode = mode;
    }

    /// <summary>Where it runs.</summary>
    public XdpAttachMode AttachMode { get; }

    /// <summary>Why VLAN tags may be missing in received frames; null when they are not.</summary>
    public string? TagsNote => _tags.Note;

    internal (ulong Space, int Index) Key { get; }

    internal NicLedger? Ledger => _owner.Ledger;

    internal int Users { get; set; }

    internal void SetProgram(int queue, XdpProgram program) => _dispatcher.SetProgram(queue, program);

    internal void RemoveProgram(int queue) => _dispatcher.RemoveProgram(queue);

    internal void Release() => _owner.Release(this);

    /// <summary>The interface is called so now.</summary>
    internal void Rename(string name) => _tags.Rename(name);

    internal void Detach() =>
        new Teardown().Step("XDP link", _link.Dispose).Step("VLAN tags", _tags.Dispose).Step("XDP program", _dispatcher.Dispose).Finish();
}
