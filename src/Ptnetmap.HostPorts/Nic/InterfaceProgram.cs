using System.Collections.Concurrent;
using Ptnetmap.HostPorts.Ledger;
using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>The XDP program of one interface. Ports that have queues of the same interface share it; the last one takes
/// it off. A link holds it, so the kernel takes it off when the process ends, however that happens.</summary>
public sealed class InterfaceProgram
{
    private readonly Action<InterfaceProgram> _release;
    private readonly XdpDispatcher _dispatcher;
    private readonly BpfLink _link;
    private readonly InterfaceTrace _trace;
    private readonly TagsInFrames _tags;
    private readonly ConcurrentDictionary<int, string> _holders = [];

    internal InterfaceProgram(Action<InterfaceProgram> release, NicLedger? ledger, (ulong Space, int Index) key,
        XdpDispatcher dispatcher,
        (BpfLink Link, InterfaceTrace Trace) attached, XdpAttachMode mode, TagsInFrames tags)
    {
        _release = release;
        Ledger = ledger;
        Key = key;
        _dispatcher = dispatcher;
        (_link, _trace) = attached;
        _tags = tags;
        AttachMode = mode;
    }

    /// <summary>Where it runs.</summary>
    public XdpAttachMode AttachMode { get; }

    /// <summary>Why VLAN tags may be missing in received frames; null when they are not.</summary>
    public string? TagsNote => _tags.Note;

    internal (ulong Space, int Index) Key { get; }

    internal NicLedger? Ledger { get; }

    internal int Users { get; set; }

    /// <summary>What of the interface is still changed after <see cref="Release"/>, where, and what undoes it; null:
    /// nothing is.</summary>
    internal string? Left => _tags.Left;

    /// <summary>Gives a queue's frames to a port's program.</summary>
    internal void SetProgram(int queue, XdpProgram program, string port)
    {
        _dispatcher.SetProgram(queue, program);
        _holders[queue] = port;
    }

    internal void RemoveProgram(int queue)
    {
        _ = _holders.TryRemove(queue, out _);
        _dispatcher.RemoveProgram(queue);
    }

    /// <summary>The port of this process that has a queue; null: none.</summary>
    internal string? HolderOf(int queue) => _holders.GetValueOrDefault(queue);

    /// <inheritdoc cref="InterfaceTrace.IsOn"/>
    internal bool IsOn(LinkInfo link) => _trace.IsOn(link);

    internal void Release() => _release(this);

    /// <summary>The interface is called so, and has this address, now.</summary>
    internal void Rename(LinkInfo link) => _tags.Rename(link);

    /// <inheritdoc cref="InterfaceTrace.FindMoved"/>
    internal MovedInterface? FindMoved(out bool isLost) => _trace.FindMoved(out isLost);

    /// <summary>Takes the program off, and the interface is as before, wherever it is.</summary>
    internal void Detach() => new Teardown()
        .Step("interface that was moved", Follow)
        .Step("VLAN tags", _tags.Dispose)
        .Step("XDP link", _link.Dispose)
        .Step("XDP program", _dispatcher.Dispose)
        .Step("look at the interface", _trace.Dispose)
        .Finish();

    private void Follow()
    {
        using MovedInterface? moved = FindMoved(out bool isLost);
        if (moved is not null)
        {
            _tags.Move(moved);
        }
        else if (isLost)
        {
            _tags.Lose();
        }
    }
}
