using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A driver that looks at its receive ring only after an interrupt, and does not hear those that come before
/// its start is over. Whatever fills the ring meanwhile, it is woken again.</summary>
public sealed class DeafGuestTests
{
    private const uint Free = 63;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static TheoryData<string> Policies => ["spin-then-sleep", "sleep", "spin"];

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_pipe_that_is_stopped_by_a_full_ring_wakes_its_user_again(string policy)
    {
        using var bed = new PassthroughBed(policy: NotificationPolicy.Parse(policy), quiet: false);
        HandGuest deaf = bed.Guest(1);
        deaf.RxCsb.WriteApplNeedKick(true);
        for (uint i = 0; i < Free; i++)
        {
            bed.Guest(0).Send(i);
        }

        bed.Guest(0).Attachment.Assist();
        Assert.True(InterruptOf(deaf).Wait(Patience), "no interrupt for the first packets");
        AwaitSent(bed.Guest(0));

        // It was not heard. The ring is full now, so no packet will come, and with it no interrupt.
        bed.Guest(0).Send(Free);
        bed.Guest(0).Attachment.Assist();
        for (int i = 0; i < 3; i++)
        {
            Assert.True(InterruptOf(deaf).Wait(Patience), $"no interrupt number {i} for a ring that is full");
        }

        deaf.RxCsb.WriteApplNeedKick(false);
        for (uint i = 0; i <= Free; i++)
        {
            deaf.AwaitPackets();
            Assert.Equal(i, deaf.Receive());
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_source_that_is_stopped_by_a_full_ring_wakes_its_user_again(string policy)
    {
        using var bed = new SourceBed(NotificationPolicy.Parse(policy));
        bed.Guest.RxCsb.WriteApplNeedKick(true);
        for (uint i = 0; i <= Free; i++)
        {
            bed.Source.Put(i);
        }

        for (int i = 0; i < 4; i++)
        {
            Assert.True(InterruptOf(bed.Guest).Wait(Patience), $"no interrupt number {i}");
        }

        bed.Guest.RxCsb.WriteApplNeedKick(false);
        for (uint i = 0; i <= Free; i++)
        {
            bed.Guest.AwaitPackets();
            Assert.Equal(i, bed.Guest.Receive());
        }
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void A_guest_that_did_not_ask_is_not_woken(string policy)
    {
        using var bed = new PassthroughBed(policy: NotificationPolicy.Parse(policy), quiet: false);
        for (uint i = 0; i < Free; i++)
        {
            bed.Guest(0).Send(i);
        }

        bed.Guest(0).Attachment.Assist();
        AwaitSent(bed.Guest(0));
        for (uint i = 0; i < 100; i++)
        {
            bed.Guest(0).Send(Free + i);
            bed.Guest(0).Attachment.Assist();

            // A worker that polls may be in a pass just then, and delivers after the call.
            Assert.True(SpinWait.SpinUntil(() => bed.Guest(1).RxAvailable != 0, Patience), "no packet");
            Assert.Equal(i, bed.Guest(1).Receive());
        }

        Assert.Equal(0, bed.Port(1).RxRings[0].Counters.Interrupts);
    }

    [Fact]
    public void One_that_hangs_over_a_full_ring_is_reminded_less_and_less()
    {
        using var bed = new PassthroughBed(policy: NotificationPolicy.Spin, quiet: false);
        HandGuest hung = bed.Guest(1);
        hung.RxCsb.WriteApplNeedKick(true);
        for (uint i = 0; i < Free; i++)
        {
            bed.Guest(0).Send(i);
        }

        // The worker polls, and the sender looks as often as it can.
        for (int i = 0; i < 20_000; i++)
        {
            bed.Guest(0).Attachment.Assist();
        }

        Kring rx = bed.Port(1).RxRings[0];
        AwaitSent(bed.Guest(0));
        long before = rx.Counters.Interrupts;
        bed.Guest(0).Send(Free);
        Assert.True(SpinWait.SpinUntil(
            () =>
            {
                bed.Guest(0).Attachment.Assist();
                return rx.Counters.Interrupts != before;
            },
            Patience), "no reminder");
        for (int i = 0; i < 20_000; i++)
        {
            bed.Guest(0).Attachment.Assist();
        }

        // The distances double from a millisecond on: a minute of passes is not enough for 100 of them.
        Assert.InRange(rx.Counters.Interrupts - before, 1, 100);
        hung.RxCsb.WriteApplNeedKick(false);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Another_guest_starts_with_empty_rings_and_one_that_resumes_finds_its_own(bool resumes)
    {
        using var bed = new PassthroughBed();
        HandGuest hung = bed.Guest(1);
        for (uint i = 0; i < Free; i++)
        {
            bed.Guest(0).Send(i);
        }

        bed.Guest(0).Attachment.Assist();
        Kring rx = bed.Port(1).RxRings[0];
        Assert.True(SpinWait.SpinUntil(() => hung.RxAvailable == Free, Patience), "no packets");
        hung.Attachment.Dispose();
        using var csb = new CsbMemory("deaf");
        var door = new GuestDoor(
            [csb.Host(0), csb.Host(1)], hung.Attachment.Kicks.Select(_ => new EventFd()).ToArray(), [new(), new()])
        {
            Resumes = resumes,
        };
        using (GuestAttachment next =
            GuestAttachment.Attach(bed.Port(1), door, bed.Workers, bed.Policy, bed.Quiescence))
        {
            CsbGuestView view = csb.Guest(1);
            view.WriteApplNeedKick(true);
            Assert.Equal(resumes ? Free : 0, rx.Ring.Distance(view.ReadOwnHead(), view.ReadHwTailAcquire()));
            Assert.Equal(resumes ? 0 : Free, rx.Counters.Drops.Of(DropReason.Unread));
            bed.Guest(0).Send(1000);
            bed.Guest(0).Attachment.Assist();
            Assert.True(door.Interrupts[1].Wait(Patience), "no interrupt");
        }

        Array.ForEach(door.Kicks, kick => kick.Dispose());
        Array.ForEach(door.Interrupts, interrupt => interrupt.Dispose());
    }

    // A worker that polls may have been interrupted within its pass, and who sends into a ring without space is not
    // heard.
    private static void AwaitSent(HandGuest guest) =>
        Assert.True(SpinWait.SpinUntil(() => guest.TxSpace == Free, Patience), "not sent");

    private static EventFd InterruptOf(HandGuest guest) => guest.Attachment.Interrupts[guest.Attachment.Shape.TxRings];
}
