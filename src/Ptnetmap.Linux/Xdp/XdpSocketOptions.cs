namespace Ptnetmap.Linux.Xdp;

/// <summary>What a socket is to be bound to, and with which rings.</summary>
public sealed record XdpSocketOptions
{
    /// <summary>The interface's number (<c>if_nametoindex</c>).</summary>
    public required int InterfaceIndex { get; init; }

    /// <summary>The queue of it, from 0 on.</summary>
    public required int Queue { get; init; }

    /// <summary>With or without a copy. Not looked at with <see cref="ShareWith"/>, whose mode it then is.</summary>
    public XdpMode Mode { get; init; }

    /// <summary>Let the kernel say when it wants a system call (<c>XDP_USE_NEED_WAKEUP</c>). Not looked at with
    /// <see cref="ShareWith"/>.</summary>
    public bool UseNeedWakeUp { get; init; } = true;

    /// <summary>Entries of the receive ring, a power of two.</summary>
    public uint ReceiveSlots { get; init; } = DefaultSlots;

    /// <summary>Entries of the transmit ring, a power of two.</summary>
    public uint TransmitSlots { get; init; } = DefaultSlots;

    /// <summary>Entries of the fill ring, a power of two.</summary>
    public uint FillSlots { get; init; } = DefaultSlots;

    /// <summary>Entries of the completion ring, a power of two, and not less than <see cref="TransmitSlots"/>, or the
    /// kernel stops sending when nobody reclaims.</summary>
    public uint CompletionSlots { get; init; } = DefaultSlots;

    /// <summary>A socket over the same UMEM, bound to another queue or interface and not disposed of: the kernel then
    /// pins and maps the memory only once (<c>XDP_SHARED_UMEM</c>). The new socket has the other's mode: where one of
    /// them copies and the other shall not, register the memory anew, that is, leave this null.</summary>
    public XdpSocket? ShareWith { get; init; }

    /// <summary>Entries of a ring unless told otherwise.</summary>
    public const uint DefaultSlots = 2048;
}
