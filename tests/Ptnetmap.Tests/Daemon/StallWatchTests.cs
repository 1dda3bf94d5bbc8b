using Ptnetmap.Daemon.Observing;

namespace Ptnetmap.Tests.Daemon;

public class StallWatchTests
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(6.4, true, 5, 7)]
    [InlineData(7.0, true, 6, 7)]
    [InlineData(3.0, true, 2, 3)]
    [InlineData(2.9, false, 1, 3)]
    [InlineData(1.0, false, 0, 1)]
    [InlineData(0.1, false, 0, 1)]
    public void A_wait_that_took_seconds_too_long_is_told_with_what_it_can_have_been(
        double seconds, bool told, int atLeast, int atMost)
    {
        var clock = new HandClock();
        var watch = new StallWatch(Period, clock);
        watch.Begin();
        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(told, watch.End(out (int AtLeast, int AtMost) stall));
        Assert.Equal((atLeast, atMost), stall);
    }

    [Fact]
    public void A_wait_that_began_later_knows_nothing_of_the_time_before()
    {
        var clock = new HandClock();
        var watch = new StallWatch(Period, clock);
        watch.Begin();
        clock.Advance(TimeSpan.FromHours(1));
        watch.Begin();
        clock.Advance(Period);
        Assert.False(watch.End(out _));
    }
}
