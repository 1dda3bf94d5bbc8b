using Ptnetmap.Client;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Integration.Tests.Qemu;

/// <summary>A guest that is a thread of the host: attached, and at work until it is disposed of.</summary>
internal sealed class HostGuest : IDisposable
{
    private readonly GuestAttachment _attachment;
    private readonly GuestThread _thread;

    internal HostGuest(DeviceHost host, Port port, Func<NetmapPort, GuestProgram> make)
    {
        _attachment = host.Attach(port);
        var channel = new LocalChannel(
            _attachment.Region, _attachment.InterfaceOffset, _attachment.Csb, _attachment.Kicks, _attachment.Interrupts,
            _attachment.Assist);
        _thread = new GuestThread(make(NetmapPort.Open(channel)), $"host-{port.Name}");
        _thread.Start();
    }

    internal GuestCounters Counters => _thread.Program.Counters;

    internal Exception? Failure => _thread.Failure;

    /// <summary>A receiver that checks every frame.</summary>
    internal static HostGuest Receiver(DeviceHost host, Port port) =>
        new(host, port, end => new Receiver(end, new ReceiverOptions { Verify = true }));

    /// <summary>Waits until it has moved so many packets more.</summary>
    internal async Task MovesAsync(long packets)
    {
        long goal = Counters.Packets + packets;
        await Eventually.TrueAsync(
            () => Counters.Packets >= goal,
            () => $"{_thread.Program}: {Counters.Packets} packets, {goal} were awaited; {Failure}");
    }

    /// <summary>Nothing lost, twice, out of order or damaged so far.</summary>
    internal void CheckWhole()
    {
        GuestCounters counters = Counters;
        Assert.Null(Failure);
        Assert.Equal(
            (0L, 0L, 0L, 0L, 0L),
            (counters.Lost, counters.Duplicated, counters.Reordered, counters.Damaged, counters.BadSlots));
    }

    public void Dispose()
    {
        _thread.Dispose();
        _attachment.Dispose();
    }
}
