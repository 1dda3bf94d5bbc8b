using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>A NIC's queue without a kernel: the same rings in plain memory, and the kernel's sides of them for whoever
/// plays its part. For tests, and to measure what the path costs with the kernel's part taken out.</summary>
public sealed class MemoryQueue : IXdpQueue
{
    private readonly MemoryMapping _memory;
    private readonly EventFd _arrival = new();

    /// <summary>Makes the rings.</summary>
    /// <param name="slots">Entries of each, a power of two.</param>
    public MemoryQueue(uint slots)
    {
        long addresses = RoundUp(XdpRingMemory.BytesNeeded(slots, sizeof(ulong)));
        int entry = Marshal.SizeOf<XdpDescriptor>();
        long frames = RoundUp(XdpRingMemory.BytesNeeded(slots, entry));
        long size = 2 * (addresses + frames);
        _memory = MemoryMapping.Map(MemFd.CreateSealed("ptnet-queue", size), size);
        XdpRingMemory fill = XdpRingMemory.Over(_memory.Range.Slice(0, addresses), slots, sizeof(ulong));
        XdpRingMemory completion = XdpRingMemory.Over(_memory.Range.Slice(addresses, addresses), slots, sizeof(ulong));
        XdpRingMemory receive = XdpRingMemory.Over(_memory.Range.Slice(2 * addresses, frames), slots, entry);
        XdpRingMemory transmit =
            XdpRingMemory.Over(_memory.Range.Slice((2 * addresses) + frames, frames), slots, entry);
        Fill = new(fill);
        KernelFill = new(fill);
        Completion = new(completion);
        KernelCompletion = new(completion);
        Receive = new(receive);
        KernelReceive = new(receive);
        Transmit = new(transmit);
        KernelTransmit = new(transmit);
    }

    /// <inheritdoc/>
    public XdpProducerRing<ulong> Fill { get; }

    /// <inheritdoc/>
    public XdpConsumerRing<XdpDescriptor> Receive { get; }

    /// <inheritdoc/>
    public XdpProducerRing<XdpDescriptor> Transmit { get; }

    /// <inheritdoc/>
    public XdpConsumerRing<ulong> Completion { get; }

    /// <summary>The kernel's side of the fill ring.</summary>
    public XdpConsumerRing<ulong> KernelFill { get; }

    /// <summary>The kernel's side of the receive ring.</summary>
    public XdpProducerRing<XdpDescriptor> KernelReceive { get; }

    /// <summary>The kernel's side of the transmit ring.</summary>
    public XdpConsumerRing<XdpDescriptor> KernelTransmit { get; }

    /// <summary>The kernel's side of the completion ring.</summary>
    public XdpProducerRing<ulong> KernelCompletion { get; }

    /// <summary>What the kernel does when it is woken to send.</summary>
    public Func<XdpWakeResult> OnTransmit { get; set; } = () => XdpWakeResult.Done;

    /// <summary>What it does when it is woken for the fill ring.</summary>
    public Func<XdpWakeResult> OnReceive { get; set; } = () => XdpWakeResult.Done;

    /// <summary>What its counters say.</summary>
    public XdpStatistics Statistics { get; set; }

    /// <inheritdoc/>
    public bool IsZeroCopy => true;

    /// <inheritdoc/>
    public bool IsPolled { get; init; }

    /// <inheritdoc/>
    public FileDescriptor Descriptor => _arrival.Descriptor;

    /// <summary>Says that something was received.</summary>
    public void Announce() => _arrival.Signal();

    /// <inheritdoc/>
    public XdpWakeResult WakeTransmit() => OnTransmit();

    /// <inheritdoc/>
    public XdpWakeResult WakeReceive() => OnReceive();

    /// <inheritdoc/>
    public XdpStatistics ReadStatistics() => Statistics;

    /// <inheritdoc/>
    public void Dispose()
    {
        _memory.Dispose();
        _arrival.Dispose();
    }

    private static long RoundUp(long bytes) => (bytes + 4095) & -4096;
}
