using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Observing;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;

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
        var watch = new StallWatch(Period, clock, () => 0);
        watch.Begin();
        clock.Advance(TimeSpan.FromSeconds(seconds));
        Assert.Equal(told, watch.End(out (int AtLeast, int AtMost) stall));
        Assert.Equal((atLeast, atMost), stall);
    }

    [Fact]
    public void A_wait_that_began_later_knows_nothing_of_the_time_before()
    {
        var clock = new HandClock();
        var watch = new StallWatch(Period, clock, () => 0);
        watch.Begin();
        clock.Advance(TimeSpan.FromHours(1));
        watch.Begin();
        clock.Advance(Period);
        Assert.False(watch.End(out _));
    }

    [Fact]
    public void A_wait_in_which_the_process_went_on_computing_says_nothing_of_it()
    {
        var clock = new HandClock();
        long computed = 0;
        var watch = new StallWatch(Period, clock, () => computed);
        long most = (long)Period.TotalNanoseconds * Environment.ProcessorCount;
        foreach (long used in (long[])[most, most + 1])
        {
            watch.Begin();
            clock.Advance(TimeSpan.FromSeconds(60));
            computed += used;
            Assert.Equal(used == most, watch.End(out _));
        }
    }

    [Fact]
    public void A_look_that_is_held_up_is_not_told_as_if_the_process_had_stood_still()
    {
        using var folder = new TemporaryFolder();
        var log = new LogLines();
        var clock = new HandClock();
        using var enough = new CountdownEvent(3);
        Inventory? inventory = null;
        var stub = new StubTransport
        {
            LookingAfter = () =>
            {
                clock.Advance(TimeSpan.FromSeconds(30));
                _ = enough.IsSet || enough.Signal();
                inventory!.GuestChanged();
            },
        };
        var settings = new DaemonSettings
        {
            Workers = 1,
            Ports =
            [
                new PortSettings { Name = "vale0:a", Slots = 64 },
                new PortSettings { Name = "vale0:b", Slots = 64, Guest = new GuestSettings { Program = "receive" } },
            ],
        };
        using RunDirectory directory = RunDirectory.Open(folder["run"]);
        using (inventory = new Inventory(settings, [stub, new ThreadTransportFactory()], directory, log))
        {
            inventory.Apply(settings);
            using var observer = new GuestObserver(inventory, log, clock);

            Assert.True(enough.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        }

        Assert.Empty(log.With("stood still"));
    }
}
