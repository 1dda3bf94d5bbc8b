using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Net;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Nic.Devices;

/// <summary>The queues of a NIC that a port has, open: the program that brings their frames, and a socket each. When it is
/// disposed of, and also when the process is killed, the interface is the kernel's as before.</summary>
public sealed class NicDevice : IDisposable
{
    // Frames that the kernel sends in one call where it copies; its own default is 32.
    private const int FramesAtOnce = 1024;

    private readonly XdpSocket[] _sockets;
    private readonly InterfaceProgram _program;
    private readonly PromiscuousMode? _promiscuous;

    private NicDevice(NicOptions options, LinkInfo link, InterfaceProgram program, IReadOnlyList<NicRefusal> refusals, XdpSocket[] sockets)
    {
        Options = options;
        Link = link;
        Refusals = refusals;
        _program = program;
        _sockets = sockets;
        for (int i = 0; i < sockets.Length; i++)
        {
            program.Redirect(options.FirstQueue + i, sockets[i].Descriptor);
        }

        _promiscuous = options.Promiscuous ? PromiscuousMode.Enable(link.Index) : null;
    }

    /// <summary>What was asked for.</summary>
    public NicOptions Options { get; }

    /// <summary>The interface, as it was when the device was opened.</summary>
    public LinkInfo Link { get; }

    /// <summary>How frames get into the region.</summary>
    public NicMode Mode => _sockets[0].IsZeroCopy ? NicMode.ZeroCopy
        : _program.AttachMode == XdpAttachMode.Driver ? NicMode.Copy
        : NicMode.Generic;

    /// <summary>The better modes, and why they were not got.</summary>
    public IReadOnlyList<NicRefusal> Refusals { get; }

    /// <summary>The queues.</summary>
    public IReadOnlyList<XdpSocket> Queues => _sockets;

    /// <summary>The interface's XDP program, which its ports share.</summary>
    public InterfaceProgram Program => _program;

    /// <summary>Opens queues of an interface, in the best mode that kernel and driver let us have. To be called on a
    /// thread that is in the interface's network namespace.</summary>
    /// <param name="options">Which, and how.</param>
    /// <param name="umem">The buffers.</param>
    /// <param name="slots">Slots of a ring.</param>
    /// <param name="programs">The programs of interfaces that other ports have queues of.</param>
    /// <exception cref="LinuxException">The kernel or the driver refused; the message says what, and what to do.</exception>
    public static NicDevice Open(NicOptions options, XdpUmem umem, uint slots, InterfacePrograms programs)
    {
        using var links = new Links();
        LinkInfo link = links.TryGet(options.Interface) ?? throw new LinuxException(
            $"there is no interface {options.Interface} in {options.Namespace ?? "this network namespace"} (ip link shows those that there are; option --netns)");
        int last = options.FirstQueue + options.Queues;
        if (last > link.ReceiveQueues || last > link.TransmitQueues)
        {
            throw new LinuxException(
                $"{options.Interface} has {Math.Min(link.ReceiveQueues, link.TransmitQueues)} queues, and the port wants number " +
                $"{last - 1} (name fewer rings, or give the interface more queues: ethtool -L)");
        }

        var refusals = new List<NicRefusal>();
        InterfaceProgram program = programs.Acquire(link, options, refusals);
        XdpSocket[]? sockets = null;
        try
        {
            sockets = OpenSockets(options, umem, slots, link, program, refusals);
            return new NicDevice(options, link, program, refusals, sockets);
        }
        catch
        {
            Array.ForEach(sockets ?? [], socket => socket.Dispose());
            program.Release();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _promiscuous?.Dispose();
        for (int i = 0; i < _sockets.Length; i++)
        {
            _program.Forget(Options.FirstQueue + i);
            _sockets[i].Dispose();
        }

        _program.Release();
    }

    private static XdpSocket[] OpenSockets(
        NicOptions options, XdpUmem umem, uint slots, LinkInfo link, InterfaceProgram program, List<NicRefusal> refusals)
    {
        var sockets = new List<XdpSocket>();
        try
        {
            for (int i = 0; i < options.Queues; i++)
            {
                XdpSocketOptions wanted = SocketOptions(options, link, slots, i, sockets.FirstOrDefault());
                XdpSocket socket = i == 0 ? OpenFirst(umem, wanted, options.Wanted, program.AttachMode, refusals) : XdpSocket.Open(umem, wanted);
                sockets.Add(socket);
                _ = socket.TrySetTransmitBudget(FramesAtOnce);
                if (options.BusyPoll != 0 && !socket.TrySetBusyPoll(options.BusyPoll))
                {
                    throw new LinuxException($"{options.Interface}: the kernel does not let us poll it (option --busy-poll; Linux 5.11, and be root)");
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

    private static XdpSocketOptions SocketOptions(NicOptions options, LinkInfo link, uint slots, int index, XdpSocket? first)
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
        XdpUmem umem, XdpSocketOptions options, NicMode? wanted, XdpAttachMode attached, List<NicRefusal> refusals)
    {
        if (attached == XdpAttachMode.Driver && wanted is null or NicMode.ZeroCopy)
        {
            try
            {
                return XdpSocket.Open(umem, options with { Mode = XdpMode.ZeroCopy });
            }
            catch (LinuxException refusal) when (wanted is null && refusal.Errno is not (Errors.Busy or Errors.NoDevice or Errors.NotPermitted))
            {
                refusals.Add(new NicRefusal(NicMode.ZeroCopy, refusal.Message));
            }
        }

        return XdpSocket.Open(umem, options with { Mode = XdpMode.Copy });
    }
}
