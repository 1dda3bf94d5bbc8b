using Ptnetmap.HostPorts.Supervision;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>A link that is set down and up again before anybody has looked.</summary>
public class NicFlapTests
{
    private const int Slots = 64;

    [Fact]
    public void Frames_that_a_socket_kept_to_itself_while_its_link_was_down_are_taken_though_nobody_saw_it_down()
    {
        Needs.Xdp();
        using var bed = new VethBed(slots: Slots);
        Kring rx = bed.Right.RxRings[0];
        RxSource source = bed.Right.SourceOf(rx)!;
        source.Expect();
        using var worker = new Epoll();
        worker.WatchOnce(source.Descriptor, 1);
        Assert.Equal(SyncStatus.Dry, source.RxSync(rx, Slots));
        VethBed.Send(bed.Attach(bed.Left), [.. Enumerable.Repeat(new byte[60], Slots - 1)]);
        VethBed.Await(() => bed.Right.Queues[0].Receive.AvailableAcquire(Slots) == Slots - 1,
            "every buffer to be full");

        // While the supervisor tells of one link it does not look at the other.
        int whileDown = -1;
        int whenUp = -1;
        bed.Supervisor.Changed = _ =>
        {
            var events = new EpollEvent[1];
            bed.Veth.RightLinks.SetUp(bed.Veth.Right, up: false);
            whileDown = worker.Wait(events, 0);
            bed.Veth.RightLinks.SetUp(bed.Veth.Right);
            whenUp = worker.Wait(events, 0);
            rx.SetClient(new Taker(rx, source));
        };
        bed.Veth.LeftLinks.SetUp(bed.Veth.Left, up: false);
        VethBed.Await(() => rx.Counters.Packets == Slots - 1, "the frames to be taken");

        // The kernel woke the worker, then told it that there was nothing, and did not wake it again.
        Assert.Equal((0, 0), (whileDown, whenUp));
        Assert.Equal(NicState.Up, bed.RightLink.State);
    }

    private sealed class Taker(Kring rx, RxSource source) : RingClient
    {
        public override void Fetch(Kring ring)
        {
            // It gives nothing back.
        }

        public override void Publish(Kring ring)
        {
            // It looks at the ring itself.
        }

        public override void Notify(Kring ring)
        {
            // Nobody sleeps.
        }

        public override bool TryAskForSpace(Kring ring) => false;

        public override void RunPass() => _ = source.RxSync(rx, Slots);
    }
}
