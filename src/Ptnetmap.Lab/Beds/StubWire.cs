using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Beds;

/// <summary>Stands in for kernel and wire of a NIC port: takes every frame at once, and has one for every buffer that
/// it is lent. What is left is the cost of our part of the path. Counts what it took, as a receiver.</summary>
public sealed class StubWire : IBenchGuest
{
    private readonly NicPort _port;
    private readonly MemoryQueue _queue;
    private readonly ulong _offset;
    private readonly uint _frame;
    private GuestCounters _counters;

    /// <summary>Connects itself to a port of one ring pair.</summary>
    public StubWire(NicPort port, int frame)
    {
        const int OffsetShift = 48;
        _port = port;
        _frame = (uint)frame;
        _offset = (ulong)XdpUmem.Headroom << OffsetShift;
        uint slots = System.Numerics.BitOperations.RoundUpToPowerOf2(port.RxRings[0].SlotCount);
        _queue = new MemoryQueue(slots) { OnTransmit = Send, OnReceive = Receive };
        _queue.KernelTransmit.SetNeedWakeUp(true);
        _queue.KernelFill.SetNeedWakeUp(true);
        port.Connect([_queue], frame);
    }

    /// <inheritdoc/>
    public string Name => "wire";

    /// <inheritdoc/>
    public GuestCounters Counters => _counters;

    /// <inheritdoc/>
    public bool IsFinished => true;

    /// <inheritdoc/>
    public void Start()
    {
        // It works when it is woken.
    }

    /// <inheritdoc/>
    public void Stop()
    {
        // It does nothing of its own.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _port.Disconnect();
        _queue.Dispose();
    }

    private XdpWakeResult Send()
    {
        uint count = Math.Min(_queue.KernelTransmit.AvailableAcquire(uint.MaxValue),
            _queue.KernelCompletion.Free(uint.MaxValue));
        long bytes = 0;
        for (uint i = 0; i < count; i++)
        {
            XdpDescriptor frame = _queue.KernelTransmit.Read(i);
            bytes += frame.Length;
            _queue.KernelCompletion.Write(i, frame.Address);
        }

        _queue.KernelTransmit.ReleaseConsumed(count);
        _queue.KernelCompletion.SubmitRelease(count);
        _counters.Packets += count;
        _counters.Bytes += bytes;
        return XdpWakeResult.Done;
    }

    private XdpWakeResult Receive()
    {
        uint count =
            Math.Min(_queue.KernelFill.AvailableAcquire(uint.MaxValue), _queue.KernelReceive.Free(uint.MaxValue));
        for (uint i = 0; i < count; i++)
        {
            _queue.KernelReceive.Write(i, new XdpDescriptor(_queue.KernelFill.Read(i) | _offset, _frame));
        }

        _queue.KernelFill.ReleaseConsumed(count);
        _queue.KernelReceive.SubmitRelease(count);
        return XdpWakeResult.Done;
    }
}
