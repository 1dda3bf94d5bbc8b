using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Tests.Memory;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Daemon;

/// <summary>What the daemon and the beds of measurements have in common.</summary>
public sealed class HostTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Guests_on_its_ports_exchange_frames_and_it_ends_in_order()
    {
        const long Frames = 1000;
        using MemoryRegion region = Regions.Create(ports: 2);
        var host = new Host(NotificationPolicy.SpinThenSleep, workers: 1);
        (PipePort master, PipePort slave) =
            PipePort.Create("p", 0, region, region, PortShape.Symmetric(1, 64), host.Quiescence);
        Port[] ports = [master, slave];
        GuestAttachment[] guests = [.. ports.Select(port => host.Attach(port))];
        var counted = new GuestCounters();
        using (var receiver = new GuestThread(
            new Receiver(LocalGuest.Open(guests[1]), new ReceiverOptions { Verify = true, Limit = Frames }),
            "receiver"))
        using (var sender =
            new GuestThread(new Sender(LocalGuest.Open(guests[0]), new TrafficSpec { Limit = Frames }), "sender"))
        {
            receiver.Start();
            sender.Start();
            Assert.True(receiver.Join(Patience));
            counted.Add(receiver.Program.Counters);
        }

        var end = new Teardown();
        end.StepEach(guests, guest => guest.Port.Name, guest => guest.Dispose());
        host.TakeDown(end, ports);
        end.Finish();
        Assert.Equal((Frames, 0, 0, 0), (counted.Packets, counted.Lost, counted.Damaged, counted.BadSlots));
        Assert.Equal(0, region.OpenPorts);
    }
}
