using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Xdp;

/// <summary>An AF_XDP socket (<c>networking/af_xdp.rst</c>), bound to one queue of an interface. It receives what an XDP
/// program redirects to it by an XSKMAP. Safe as long as neither it nor its rings are used after it is disposed of, and
/// the UMEM's memory stays mapped until then.</summary>
public sealed partial class XdpSocket : IXdpQueue
{
    private readonly FileDescriptor _file;
    private readonly MemoryMapping[] _mappings;

    // Of a socket that is bound: only then is it known whether the kernel copies.
    private XdpSocket(FileDescriptor file, XdpUmem umem, XdpSocketOptions options)
    {
        _file = file;
        Umem = umem;
        InterfaceIndex = options.InterfaceIndex;
        Queue = options.Queue;
        IsZeroCopy = (GetOption<uint>(XdpNative.OptionsOption) & XdpNative.OptionsZeroCopy) != 0;
        XdpNative.MmapOffsets offsets = GetOption<XdpNative.MmapOffsets>(XdpNative.MmapOffsetsOption);
        _mappings = new MemoryMapping[4];
        Receive = new(Map(0, offsets.Receive, options.ReceiveSlots, Marshal.SizeOf<XdpDescriptor>(), XdpNative.ReceiveRingPage));
        Transmit = new(Map(1, offsets.Transmit, options.TransmitSlots, Marshal.SizeOf<XdpDescriptor>(), XdpNative.TransmitRingPage));
        Fill = new(Map(2, offsets.Fill, options.FillSlots, sizeof(ulong), XdpNative.FillRingPage));
        Completion = new(Map(3, offsets.Completion, options.CompletionSlots, sizeof(ulong), XdpNative.CompletionRingPage));
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

    /// <summary>The socket: for epoll, and for an XSKMAP.</summary>
    public FileDescriptor Descriptor => _file;

    /// <summary>Makes a socket over <paramref name="umem"/> and binds it.</summary>
    /// <exception cref="LinuxException">The kernel or the driver refused; the message says what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A ring's size is no power of two.</exception>
    public static XdpSocket Open(XdpUmem umem, XdpSocketOptions options)
    {
        int number = Libc.Socket(XdpNative.AddressFamily, XdpNative.SockRaw | XdpNative.SockCloexec, 0);
        if (number < 0)
        {
            throw LinuxException.Last("socket(AF_XDP)", "be root (CAP_NET_RAW), on a kernel with CONFIG_XDP_SOCKETS");
        }

        var file = new FileDescriptor(number);
        try
        {
            if (options.ShareWith is null)
            {
                Register(file, umem);
            }

            SetRingSize(file, XdpNative.FillRing, options.FillSlots, nameof(options.FillSlots));
            SetRingSize(file, XdpNative.CompletionRing, options.CompletionSlots, nameof(options.CompletionSlots));
            SetRingSize(file, XdpNative.ReceiveRing, options.ReceiveSlots, nameof(options.ReceiveSlots));
            SetRingSize(file, XdpNative.TransmitRing, options.TransmitSlots, nameof(options.TransmitSlots));
            Bind(file, options);
            return new XdpSocket(file, umem, options);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public unsafe XdpWakeResult WakeTransmit()
    {
        XdpWakeResult result = Result(XdpNative.SendTo(_file.Number, null, 0, XdpNative.DontWait, null, 0));
        if (result == XdpWakeResult.Done && IsPolled && IsZeroCopy)
        {
            // The call has polled what the frames come in by, and nothing else (xsk_no_wakeup, net/xdp/xsk.c): many drivers
            // send by another. poll(2) wakes that.
            _ = Poll.WaitAny([_file.Number], TimeSpan.Zero);
        }

        return result;
    }

    /// <inheritdoc/>
    public unsafe XdpWakeResult WakeReceive() =>
        Result(XdpNative.ReceiveFrom(_file.Number, null, 0, XdpNative.DontWait, null, null));

    /// <inheritdoc/>
    /// <exception cref="LinuxException">The kernel refused.</exception>
    public XdpStatistics ReadStatistics() => GetOption<XdpStatistics>(XdpNative.StatisticsOption);

    /// <summary>Has calls poll the device, in place of its interrupts (<c>networking/napi.rst</c>, "Busy polling").
    /// For it to work, the interface's <c>napi_defer_hard_irqs</c> and <c>gro_flush_timeout</c> have to be set.</summary>
    /// <param name="microseconds">How long one wake-up polls at most (<c>SO_BUSY_POLL</c>); 0 turns it off.</param>
    /// <param name="frames">How many frames at most (<c>SO_BUSY_POLL_BUDGET</c>).</param>
    /// <returns>False when the kernel does not do that.</returns>
    public bool TrySetBusyPoll(int microseconds, int frames = 64)
    {
        bool done = TrySetOption(XdpNative.SolSocket, XdpNative.SoPreferBusyPoll, microseconds > 0 ? 1 : 0)
            && TrySetOption(XdpNative.SolSocket, XdpNative.SoBusyPoll, microseconds)
            && TrySetOption(XdpNative.SolSocket, XdpNative.SoBusyPollBudget, frames);
        IsPolled = done && microseconds > 0;
        return done;
    }

    /// <summary>Sets how many frames one <see cref="WakeTransmit"/> sends where the kernel copies
    /// (<c>XDP_MAX_TX_SKB_BUDGET</c>); 32 unless set.</summary>
    /// <param name="frames">32 to the size of the transmit ring.</param>
    /// <returns>False on a kernel before 6.18, and for a number out of range.</returns>
    public bool TrySetTransmitBudget(int frames) => TrySetOption(XdpNative.SolXdp, XdpNative.MaxTransmitBudget, frames);

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
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

    private XdpRingMemory Map(int position, in XdpNative.RingOffsets offsets, uint slots, int entrySize, long page)
    {
        long length = (long)offsets.Descriptors + ((long)slots * entrySize);
        _mappings[position] = MemoryMapping.Map(_file, length, page, populate: true);
        return new XdpRingMemory(_mappings[position].Address, offsets, slots);
    }

    private unsafe T GetOption<T>(int option)
        where T : unmanaged
    {
        T value = default;
        uint length = (uint)sizeof(T);
        return XdpNative.GetSocketOption(_file.Number, XdpNative.SolXdp, option, &value, &length) == 0 && length == sizeof(T)
            ? value
            : throw LinuxException.Last($"getsockopt(SOL_XDP, {option})", "this needs a kernel of 5.9 or later");
    }

    private unsafe bool TrySetOption(int level, int option, int value) =>
        XdpNative.SetSocketOption(_file.Number, level, option, &value, sizeof(int)) == 0;
}
