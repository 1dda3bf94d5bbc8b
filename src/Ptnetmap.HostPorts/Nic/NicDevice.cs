using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>The queues of a NIC that a port has, open: the program that brings their frames, and a socket each. When it
/// is disposed of, and also when the process is killed, the interface is the kernel's as before.</summary>
public sealed class NicDevice : IHeldInterface
{
    // Frames that the kernel sends in one call where it copies; its own default is 32.
    private const int FramesAtOnce = 1024;

    private const int TriesWhileBusy = 50;
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    private readonly XdpSocket[] _sockets;
    private readonly InterfaceProgram _shared;
    private readonly XdpProgram _program;
    private readonly PromiscuousMode? _promiscuous;
    private readonly EthtoolDevice _ethtool;
    private readonly NicRules _rules;

    private NicDevice(
        string port, NicOptions options, LinkInfo link, InterfaceProgram program, IReadOnlyList<NicRefusal> refusals,
        XdpSocket[] sockets)
    {
        Options = options;
        Link = link;
        Refusals = refusals;
        _shared = program;
        _sockets = sockets;
        _ethtool = new EthtoolDevice(options.Interface, link.Index);
        try
        {
            _program = XdpProgram.Load(options.Filter, Math.Max(link.ReceiveQueues, 1));
            for (int i = 0; i < sockets.Length; i++)
            {
                _program.SetSocket(options.FirstQueue + i, sockets[i].Descriptor);
                program.SetProgram(options.FirstQueue + i, _program, port);
            }

            _promiscuous = options.Promiscuous ? PromiscuousMode.Enable(link.Index) : null;
            CompletesChecksums = options.CompletesChecksums ?? OpenChecksums.AreLeftBy(link, _ethtool);
            _rules = new NicRules(_ethtool, link, options, program);
        }
        catch
        {
            // Sockets and the interface's program are the caller's until this object is made.
            _promiscuous?.Dispose();
            _program?.Dispose();
            _ethtool.Dispose();
            throw;
        }
    }

    /// <summary>What was asked for.</summary>
    public NicOptions Options { get; }

    /// <summary>The interface, as it was when the device was opened.</summary>
    public LinkInfo Link { get; }

    /// <summary>How frames get into the region.</summary>
    public NicMode Mode => _sockets[0].IsZeroCopy ? NicMode.ZeroCopy
        : _shared.AttachMode == XdpAttachMode.Driver ? NicMode.Copy
        : NicMode.Generic;

    /// <summary>The better modes, and why they were not got.</summary>
    public IReadOnlyList<NicRefusal> Refusals { get; }

    /// <summary>Why the NIC does not bring the filter's frames to the port's queue by itself; null when it does, or
    /// when there is nothing to steer.</summary>
    public string? SteeringNote => _rules.Note;

    /// <summary>Frames may come with checksums that nobody has computed, and the port is to do it.</summary>
    public bool CompletesChecksums { get; }

    /// <summary>The queues.</summary>
    public IReadOnlyList<XdpSocket> Queues => _sockets;

    /// <summary>The interface's XDP program, which its ports share.</summary>
    public InterfaceProgram Interface => _shared;

    /// <summary>The port's own program: its filter, and what became of the frames of its queues.</summary>
    public XdpProgram Program => _program;

    /// <summary>Opens queues of an interface, in the best mode that kernel and driver let us have. To be called on a
    /// thread that is in the interface's network namespace.</summary>
    /// <param name="port">The port that they are for, for messages.</param>
    /// <param name="options">Which, and how.</param>
    /// <param name="umem">The buffers.</param>
    /// <param name="slots">Slots of a ring.</param>
    /// <param name="programs">The programs of interfaces that other ports have queues of.</param>
    /// <exception cref="LinuxException">The kernel or the driver refused; the message says what, and what to
    /// do.</exception>
    public static NicDevice Open(string port, NicOptions options, XdpUmem umem, uint slots, InterfacePrograms programs)
    {
        using var links = new Links();
        LinkInfo link = links.TryGet(options.Interface) ?? throw new LinuxException(
            $"in {options.Namespace ?? "this network namespace"} {options.NotThere} (ip link shows those that there " +
            "are; option --netns)");
        CheckQueues(options, link);
        var refusals = new List<NicRefusal>();
        InterfaceProgram program = programs.Acquire(link, options, refusals);
        XdpSocket[]? sockets = null;
        try
        {
            CheckHolders(options, program);
            sockets = OpenSockets(options, umem, slots, link, program, refusals);
            return new NicDevice(port, options, link, program, refusals, sockets);
        }
        catch
        {
            for (int i = 0; i < sockets?.Length; i++)
            {
                // Queues whose sockets we have are ours; others of the interface may be another port's.
                program.RemoveProgram(options.FirstQueue + i);
                sockets[i].Dispose();
            }

            program.Release();
            throw;
        }
    }

    // The kernel would only say that somebody has the queue.
    private static void CheckHolders(NicOptions options, InterfaceProgram program)
    {
        for (int queue = options.FirstQueue; queue < options.FirstQueue + options.Queues; queue++)
        {
            if (program.HolderOf(queue) is { } holder)
            {
                throw new LinuxException(
                    $"{options.Interface}: port " +
                    $"{holder} has queue {queue} (ptnet port remove {holder}, or choose another queue)");
            }
        }
    }

    private static void CheckQueues(NicOptions options, LinkInfo link)
    {
        using var device = new EthtoolDevice(options.Interface);
        int queues = device.TryReadChannels()?.Pairs ?? Math.Min(link.ReceiveQueues, link.TransmitQueues);
        if (options.AllQueues && options.Queues != queues)
        {
            throw new LinuxException(
                $"{options.Interface} has {Quantity.Of(queues, "queue")} and the port " +
                $"{Quantity.Of(options.Queues, "ring pair")}: make them the same (--rings {queues}, or " +
                "ethtool -L " +
                $"{options.Interface} combined {options.Queues}), or name one queue (netmap:{options.Interface}-0)");
        }

        int last = options.FirstQueue + options.Queues;
        if (last > queues)
        {
            throw new LinuxException(
                $"{options.Interface} has {Quantity.Of(queues, "queue")}, and the port wants number " +
                $"{last - 1} (name fewer rings, or give the interface more queues: ethtool -L)");
        }
    }

    /// <inheritdoc/>
    string? IHeldInterface.Left => _rules.Left ?? _shared.Left;

    /// <summary>The namespace that somebody has moved the interface to; null: it was not moved, or is gone.</summary>
    internal string? FindPlace()
    {
        using MovedInterface? moved = _shared.FindMoved(out bool isLost);
        return isLost ? MovedInterface.Nowhere : moved?.Place;
    }

    /// <summary>Whether the sockets are the interface's still: of one that was deleted or moved they are not any more,
    /// also when it is back.</summary>
    internal bool IsBound => Array.TrueForAll(_sockets, socket => socket.WakeTransmit() != XdpWakeResult.Gone);

    /// <inheritdoc/>
    public void Dispose()
    {
        new Teardown()
            .Step("flow rules", _rules.Dispose)
            .Step("ethtool", _ethtool.Dispose)
            .Step("promiscuous mode", () => _promiscuous?.Dispose())
            .StepEach(Enumerable.Range(0, _sockets.Length), i => $"program of queue {Options.FirstQueue + i}",
                i => _shared.RemoveProgram(Options.FirstQueue + i))
            .StepEach(_sockets, _ => "AF_XDP socket", socket => socket.Dispose())
            .Step("XDP program", _program.Dispose)
            .Step($"interface {Options.Interface}", _shared.Release)
            .Finish();
    }

    /// <summary>The interface is called so, and has this address, now: what is noted of it is noted by them.</summary>
    internal void Rename(LinkInfo link)
    {
        _shared.Rename(link);
        _rules.Rename(link);
    }

    private static XdpSocket[] OpenSockets(
        NicOptions options, XdpUmem umem, uint slots, LinkInfo link, InterfaceProgram program,
        List<NicRefusal> refusals)
    {
        var sockets = new List<XdpSocket>();
        try
        {
            for (int i = 0; i < options.Queues; i++)
            {
                XdpSocketOptions wanted = SocketOptions(options, link, slots, i, sockets.FirstOrDefault());
                XdpSocket socket = i == 0
                    ? OpenFirst(umem, wanted, options, program.AttachMode, refusals)
                    : OpenPatiently(umem, wanted);
                sockets.Add(socket);
                _ = socket.TrySetTransmitBudget(FramesAtOnce);
                if (options.BusyPoll != 0 && !socket.TrySetBusyPoll(options.BusyPoll))
                {
                    throw new LinuxException($"{options.Interface}: the kernel does not let us poll it (option " +
                        "--busy-poll; Linux 5.11, and be root)");
                }
            }

            return [.. sockets];
        }
        catch
        {
            sockets.ForEach(socket => socket.Dispose());
            throw;
        }
    }

    private static XdpSocketOptions SocketOptions(NicOptions options, LinkInfo link, uint slots, int index,
        XdpSocket? first)
    {
        // A ring of the kernel's is a power of two, and holds all of ours.
        uint entries = System.Numerics.BitOperations.RoundUpToPowerOf2(slots);
        return new XdpSocketOptions
        {
            InterfaceIndex = link.Index,
            Queue = options.FirstQueue + index,
            ReceiveSlots = entries,
            TransmitSlots = entries,
            FillSlots = entries,
            CompletionSlots = entries,
            ShareWith = first,
        };
    }

    // Zero-copy wants a program in the driver. What is refused goes on the list, and the next mode is tried.
    private static XdpSocket OpenFirst(
        XdpUmem umem, XdpSocketOptions socket, NicOptions options, XdpAttachMode attached, List<NicRefusal> refusals)
    {
        if (attached == XdpAttachMode.Driver && options.Wanted is null or NicMode.ZeroCopy)
        {
            try
            {
                return OpenZeroCopy(umem, socket with { Mode = XdpMode.ZeroCopy }, options);
            }
            catch (LinuxException refusal) when (
                options.Wanted is null && refusal.Errno is not (Errors.Busy or Errors.NoDevice or Errors.NotPermitted))
            {
                refusals.Add(new NicRefusal(NicMode.ZeroCopy, refusal.Message));
            }
        }

        return OpenPatiently(umem, socket with { Mode = XdpMode.Copy });
    }

    // The driver is asked first: what it says counts more than what speaks against it. A defect of the driver does not
    // keep somebody from zero-copy who asks for it and no less.
    private static XdpSocket OpenZeroCopy(XdpUmem umem, XdpSocketOptions socket, NicOptions options)
    {
        XdpSocket opened = OpenPatiently(umem, socket);
        ZeroCopyDoubts doubts = ZeroCopyDoubts.Of(options.Interface, umem);
        if ((doubts.Obstacle ?? (options.Wanted is null ? doubts.Defect : null)) is not { } reason)
        {
            return opened;
        }

        opened.Dispose();
        throw new LinuxException(reason);
    }

    // The kernel frees the queue of a socket that was closed a moment after the call, on a busy machine tenths of a
    // second after: whoever opens again at once would be told that the queue is taken.
    private static XdpSocket OpenPatiently(XdpUmem umem, XdpSocketOptions options)
    {
        for (int patience = TriesWhileBusy; ; patience--)
        {
            try
            {
                return XdpSocket.Open(umem, options);
            }
            catch (LinuxException refusal) when (refusal.Errno == Errors.Busy && patience > 0)
            {
                Thread.Sleep(BetweenTries);
            }
        }
    }
}
