namespace Ptnetmap.Linux.Xdp;

/// <summary>One queue of an interface, as an AF_XDP socket shows it: four rings and the calls that wake the kernel. A
/// port is written against this, so that memory without a kernel can stand in for the socket.</summary>
public interface IXdpQueue : IDisposable
{
    /// <summary>Chunks for the kernel to receive into.</summary>
    public XdpProducerRing<ulong> Fill { get; }

    /// <summary>Frames received.</summary>
    public XdpConsumerRing<XdpDescriptor> Receive { get; }

    /// <summary>Frames to send.</summary>
    public XdpProducerRing<XdpDescriptor> Transmit { get; }

    /// <summary>Addresses of frames that are sent, and whose memory is the program's again.</summary>
    public XdpConsumerRing<ulong> Completion { get; }

    /// <summary>True when device and program share the chunks; false when the kernel copies.</summary>
    public bool IsZeroCopy { get; }

    /// <summary>True when whoever finds nothing received is to ask the kernel, which then polls the device.</summary>
    public bool IsPolled { get; }

    /// <summary>Readable (epoll) when something was received; null where there is no kernel.</summary>
    public FileDescriptor? Descriptor { get; }

    /// <summary>Has the kernel send what is in the transmit ring.</summary>
    public XdpWakeResult WakeTransmit();

    /// <summary>Has the kernel look at the fill ring, and poll the device where that was asked for.</summary>
    public XdpWakeResult WakeReceive();

    /// <summary>The kernel's counters of this queue.</summary>
    public XdpStatistics ReadStatistics();
}
