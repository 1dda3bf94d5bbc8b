using Ptnetmap.Passthrough;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>For how long nobody needs to tell a loop of packets that keep coming.</summary>
public sealed class ArrivalPaceTests
{
    private const uint Slots = 1024;
    private const long Most = 250_000;

    private readonly ArrivalPace _pace = new();
    private long _packets;
    private long _now = 1_000_000_000_000;

    [Fact]
    public void The_first_burst_after_a_silence_is_not_held_off()
    {
        Assert.Equal(0, After(0, 1000));
        Assert.NotEqual(0, After(1_000_000, 64));
        Assert.Equal(0, After(1_000_001, 64));
    }

    [Fact]
    public void Few_packets_are_told_at_once_and_none_do_not_count()
    {
        Assert.Equal(0, After(0, 15));
        Assert.Equal(0, After(20_000, 15));
        Assert.Equal(0, After(20_000, 0));
        Assert.Equal(256 * 40_000 / 64, After(20_000, 64));
    }

    [Fact]
    public void Packets_count_and_not_the_slots_that_they_take()
    {
        _ = After(0, 64);
        Assert.Equal(0, After(20_000, 480, packets: 15));
        Assert.Equal(256 * 20_000 / 512, After(20_000, 512, packets: 16));
    }

    [Theory]
    [InlineData(64, 20_000, 80_000)]
    [InlineData(256, 20_000, 20_000)]
    [InlineData(1023, 20_000, 10_000)]
    [InlineData(16, 900_000, Most)]
    public void The_time_is_that_in_which_a_quarter_of_the_ring_comes_within_limits(uint moved, long elapsed,
        long expected)
    {
        _ = After(0, 100);
        Assert.Equal(expected, After(elapsed, moved));
    }

    [Fact]
    public void A_user_that_fetches_for_itself_is_left_alone_and_looked_after_at_the_pace_once_it_sleeps()
    {
        Assert.Equal(0, After(0, 64, byUser: true));
        Assert.Equal(Most, After(20_000, 64, byUser: true));
        Assert.Equal(80_000, _pace.Quarter);
        Assert.Equal(0, After(1_000, 0, byUser: true));
        Assert.Equal(80_000, _pace.Quarter);
    }

    [Fact]
    public void A_look_is_worth_it_when_a_quarter_of_the_ring_has_come_or_nearly_has()
    {
        _ = After(0, 64);
        _ = After(20_000, 64);
        Assert.Equal(80_000, _pace.LeftOfQuarter(_now));
        Assert.Equal(10_000, _pace.LeftOfQuarter(_now + 70_000));
        Assert.Equal(0, _pace.LeftOfQuarter(_now + 70_001));
        Assert.Equal(0, _pace.LeftOfQuarter(_now + 1_000_000));

        // A source that always has more: the user takes as long for a ring as the ring takes to come.
        _ = After(16_000, Slots - 1);
        Assert.Equal(0, _pace.LeftOfQuarter(_now));
        Assert.Equal(10_000, _pace.Quarter);
    }

    private long After(long elapsed, uint moved, uint? packets = null, bool byUser = false) =>
        _pace.HoldOffAfter(_packets += packets ?? moved, moved, Slots, Most, _now += elapsed, byUser);
}
