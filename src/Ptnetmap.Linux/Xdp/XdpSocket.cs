using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>An AF_XDP socket (<c>networking/af_xdp.rst</c>), bound to one queue of an interface. It receives what an
/// XDP program redirects to it by an XSKMAP. In the kernel it is two, one for each direction, over one pair of fill and
/// completion rings: whoever waits at a socket for frames is woken, to no end, for each frame that the kernel has
/// copied out of it. Safe as long as neither it nor its rings are used after it is disposed of, and the UMEM's memory
/// stays mapped until then.</summary>
public sealed partial class XdpSocket : IXdpQueue
{
    private readonly FileDescriptor _sender;
    private readonly FileDescriptor _receiver;
    private readonly MemoryMapping[] _mappings;

    // Of sockets that are bound: only then is it known whether the kernel copies.
    private XdpSocket(FileDescriptor sender, FileDescriptor receiver, XdpUmem umem, XdpSocketOptions options)
    {
        _sender = sender;
        _receiver = receiver;
        Umem = umem;
        InterfaceIndex = options.InterfaceIndex;
        Queue = options.Queue;
        IsZeroCopy = (GetOption<uint>(sender, XdpNative.OptionsOption) & XdpNative.OptionsZeroCopy) != 0;
        XdpNative.MmapOffsets offsets = GetOption<XdpNative.MmapOffsets>(sender, XdpNative.MmapOffsetsOption);
        _mappings = new MemoryMapping[4];
        Receive = new(Map(0, receiver, offsets.Receive, options.ReceiveSlots, Marshal.SizeOf<XdpDescriptor>(),
            XdpNative.ReceiveRingPage));
        Transmit = new(Map(1, sender, offsets.Transmit, options.TransmitSlots, Marshal.SizeOf<XdpDescriptor>(),
            XdpNative.TransmitRingPage));
        Fill = new(Map(2, sender, offsets.Fill, options.FillSlots, sizeof(ulong), XdpNative.FillRingPage));
        Completion = new(
            Map(3, sender, offsets.Completion, options.CompletionSlots, sizeof(ulong), XdpNative.CompletionRingPage));
    }

    /// <summary>The memory that the socket's frames are in.</summary>
    public XdpUmem Umem { get; }

    /// <summary>The interface that it was bound to.</summary>
    public int InterfaceIndex { get; }

    /// <summary>The queue that it was bound to.</summary>
    public int Queue { get; }

    /// <inheritdoc/>
    public XdpProducerRing<ulong> Fill { get; }

    /// <inheritdoc/>
    public XdpConsumerRing<XdpDescriptor> Receive { get; }

    /// <inheritdoc/>
    public XdpProducerRing<XdpDescriptor> Transmit { get; }

    /// <inheritdoc/>
    public XdpConsumerRing<ulong> Completion { get; }

    /// <inheritdoc/>
    public bool IsZeroCopy { get; }

    /// <inheritdoc/>
    public bool IsPolled { get; private set; }

    /// <summary>The socket that receives: for epoll, and for an XSKMAP.</summary>
    public FileDescriptor Descriptor => _receiver;

    /// <summary>Makes a socket over <paramref name="umem"/> and binds it.</summary>
    /// <exception cref="LinuxException">The kernel or the driver refused; the message says what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A ring's size is no power of two.</exception>
    public static XdpSocket Open(XdpUmem umem, XdpSocketOptions options)
    {
        FileDescriptor sender = Create();
        FileDescriptor? receiver = null;
        try
        {
            receiver = Create();
            if (options.ShareWith is null)
            {
                Register(sender, umem);
            }

            SetRingSize(sender, XdpNative.FillRing, options.FillSlots, nameof(options.FillSlots));
            SetRingSize(sender, XdpNative.CompletionRing, options.CompletionSlots, nameof(options.CompletionSlots));
            SetRingSize(sender, XdpNative.TransmitRing, options.TransmitSlots, nameof(options.TransmitSlots));
            SetRingSize(receiver, XdpNative.ReceiveRing, options.ReceiveSlots, nameof(options.ReceiveSlots));

            // The one that sends is the first: some kernels before 5.19 make no room for sending when a second one asks
            // for it.
            Bind(sender, options, BindFlags(options), options.ShareWith?._sender);
            Bind(receiver, options, XdpNative.BindSharedUmem, sender);
            return new XdpSocket(sender, receiver, umem, options);
        }
        catch
        {
            receiver?.Dispose();
            sender.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public unsafe XdpWakeResult WakeTransmit() =>
        Result(XdpNative.SendTo(_sender.Number, null, 0, XdpNative.DontWait, null, 0));

    /// <inheritdoc/>
    public unsafe XdpWakeResult WakeReceive() =>
        Result(XdpNative.ReceiveFrom(_receiver.Number, null, 0, XdpNative.DontWait, null, null));

    /// <inheritdoc/>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public XdpStatistics ReadStatistics()
    {
        XdpStatistics sent = GetOption<XdpStatistics>(_sender, XdpNative.StatisticsOption);
        return GetOption<XdpStatistics>(_receiver, XdpNative.StatisticsOption) with
        {
            TransmitInvalid = sent.TransmitInvalid,
            TransmitRingEmpty = sent.TransmitRingEmpty,
        };
    }

    /// <summary>Has calls poll the device, in place of its interrupts (<c>networking/napi.rst</c>, "Busy polling").
    /// For it to work, the interface's <c>napi_defer_hard_irqs</c> and <c>gro_flush_timeout</c> have to be
    /// set.</summary>
    /// <param name="microseconds">How long one wake-up polls at most (<c>SO_BUSY_POLL</c>); 0 turns it off.</param>
    /// <param name="frames">How many frames at most (<c>SO_BUSY_POLL_BUDGET</c>).</param>
    /// <returns>False when the kernel does not do that.</returns>
    /// <remarks>The one that sends is left alone: its calls would poll what frames come in by, and nothing else
    /// (<c>xsk_no_wakeup</c>, net/xdp/xsk.c), while many drivers send by another.</remarks>
    public bool TrySetBusyPoll(int microseconds, int frames = 64)
    {
        bool done = TrySetOption(_receiver, XdpNative.SolSocket, XdpNative.SoPreferBusyPoll, microseconds > 0 ? 1 : 0)
            && TrySetOption(_receiver, XdpNative.SolSocket, XdpNative.SoBusyPoll, microseconds)
            && TrySetOption(_receiver, XdpNative.SolSocket, XdpNative.SoBusyPollBudget, frames);
        IsPolled = done && microseconds > 0;
        return done;
    }

    /// <summary>Sets how many frames one <see cref="WakeTransmit"/> sends where the kernel copies
    /// (<c>XDP_MAX_TX_SKB_BUDGET</c>); 32 unless set.</summary>
    /// <param name="frames">32 to the size of the transmit ring.</param>
    /// <returns>False on a kernel before 6.18, and for a number out of range.</returns>
    public bool TrySetTransmitBudget(int frames) =>
        TrySetOption(_sender, XdpNative.SolXdp, XdpNative.MaxTransmitBudget, frames);

    /// <inheritdoc/>
    public void Dispose()
    {
        _receiver.Dispose();
        _sender.Dispose();
        foreach (MemoryMapping mapping in _mappings)
        {
            mapping.Dispose();
        }
    }

    private static XdpWakeResult Result(nint status)
    {
        if (status >= 0)
        {
            return XdpWakeResult.Done;
        }

        int error = Marshal.GetLastPInvokeError();
        return error switch
        {
            Libc.EAgain or Libc.EIntr or XdpNative.EBusy or XdpNative.ENoBufs => XdpWakeResult.Again,
            XdpNative.ENetDown => XdpWakeResult.Down,
            XdpNative.ENxio or XdpNative.ENoDev => XdpWakeResult.Gone,
            _ => throw new LinuxException("sendto(AF_XDP)", error),
        };
    }

    private XdpRingMemory Map(
        int position, FileDescriptor file, in XdpNative.RingOffsets offsets, uint slots, int entrySize, long page)
    {
        long length = (long)offsets.Descriptors + ((long)slots * entrySize);
        _mappings[position] = MemoryMapping.Map(file, length, page, populate: true);
        return new XdpRingMemory(_mappings[position].Address, offsets, slots);
    }

    private static unsafe T GetOption<T>(FileDescriptor file, int option)
        where T : unmanaged
    {
        T value = default;
        uint length = (uint)sizeof(T);
        return XdpNative.GetSocketOption(file.Number, XdpNative.SolXdp, option, &value, &length) == 0
            && length == sizeof(T)
            ? value
            : throw LinuxException.Last($"getsockopt(SOL_XDP, {option})", "this needs a kernel of 5.9 or later");
    }

    private static unsafe bool TrySetOption(FileDescriptor file, int level, int option, int value) =>
        XdpNative.SetSocketOption(file.Number, level, option, &value, sizeof(int)) == 0;
}
