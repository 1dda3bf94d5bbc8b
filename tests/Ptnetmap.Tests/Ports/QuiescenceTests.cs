using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Passthrough;

namespace Ptnetmap.Tests.Ports;

public class QuiescenceTests
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void It_returns_when_the_pass_that_was_under_way_has_ended()
    {
        var quiescence = new Quiescence(TimeSpan.FromSeconds(60));
        var mark = new PassMark("ring");
        quiescence.Register(mark);
        mark.Begin();
        using var waits = new ManualResetEventSlim();
        bool ended = false;
        bool wasEnded = false;
        var waiter = new Thread(() =>
        {
            waits.Set();
            wasEnded = quiescence.Wait() && Volatile.Read(ref ended);
        });
        waiter.Start();
        waits.Wait(TestContext.Current.CancellationToken);
        Volatile.Write(ref ended, true);
        mark.End();

        waiter.Join();

        Assert.True(wasEnded);
    }

    [Fact]
    public void It_gives_up_on_a_pass_that_does_not_end_names_it_once_and_waits_for_it_no_more()
    {
        var told = new List<string>();
        var quiescence = new Quiescence(Short) { Stuck = told.Add };
        var mark = new PassMark("vale0:a ring tx0");
        var other = new PassMark("vale0:b ring tx0");
        quiescence.Register(mark);
        quiescence.Register(other);
        Assert.True(quiescence.Wait());
        mark.Begin();

        Assert.False(quiescence.Wait());
        Assert.False(quiescence.Wait());
        Assert.Equal(["vale0:a ring tx0"], told);
        mark.End();
        Assert.True(quiescence.Wait());
        mark.Begin();
        Assert.False(mark.IsStuck);
        Assert.False(quiescence.Wait());
        Assert.Equal(2, told.Count);
        quiescence.Unregister(mark);
        Assert.True(quiescence.Wait());
    }

    // A guest that was taken off may still be on its way into a pass when the next one is in the midst of its own.
    [Fact]
    public void A_late_pass_of_a_guest_that_is_gone_does_not_end_the_mark_of_the_next_one()
    {
        // Longer than a machine with other things to do keeps the first guest's worker from letting go of it.
        using var bed = new PlayedBed(TimeSpan.FromSeconds(1), rings: 1);
        using var entered = new ManualResetEventSlim();
        using var release = new ManualResetEventSlim();
        using var first = bed.Attach();
        RingClient gone = bed.Port.TxRings[0].Client!;
        first.Dispose();
        bed.Port.Sending = _ =>
        {
            entered.Set();
            release.Wait();
        };
        using var second = bed.Attach();
        PlayedBed.Send(second, 0, head: 1);
        PlayedBed.Await(() => entered.IsSet);

        gone.RunPass();
        Assert.False(bed.Quiescence.Wait());

        release.Set();
        PlayedBed.Await(() => bed.Port.Sent(0) == 1);
        PlayedBed.Await(bed.Quiescence.Wait);
    }
}
