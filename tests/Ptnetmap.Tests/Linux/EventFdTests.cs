using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Linux;

public class EventFdTests
{
    [Fact]
    public void Signals_add_up_and_are_taken_at_once()
    {
        using var kick = new EventFd();
        Assert.False(kick.TryConsume());
        kick.Signal();
        kick.Signal();
        Assert.True(kick.Wait(Timeout.InfiniteTimeSpan));
        Assert.False(kick.TryConsume());
    }

    [Fact]
    public void Waiting_with_no_time_left_says_that_nothing_came()
    {
        using var kick = new EventFd();
        Assert.False(kick.Wait(TimeSpan.Zero));
    }
}
