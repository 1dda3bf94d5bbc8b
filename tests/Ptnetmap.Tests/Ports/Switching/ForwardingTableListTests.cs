using CsCheck;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

public class ForwardingTableListTests
{
    private static readonly TimeSpan Ageing = TimeSpan.FromSeconds(150);

    private readonly ManualClock _clock = new();

    [Fact]
    public void What_is_learned_is_listed_with_its_address_whatever_the_secret() =>
        Gen.Select(Gen.ULong[0, (1UL << ForwardingTable.KeyBits) - 1].Array[1, 4], Gen.ULong, Gen.Int[1, 254]).Sample(
            (keys, secret, port) =>
            {
                var table = new ForwardingTable(Ageing, _clock, secret);
                Array.ForEach(keys, key => table.Learn(key, port));

                Assert.Equal(keys.Distinct().Order(), table.List().Select(entry => entry.Key).Order());
                Assert.All(table.List(),
                    entry => Assert.Equal((port, false, TimeSpan.Zero), (entry.Port, entry.IsStatic, entry.Age)));
            });

    [Fact]
    public void Ages_are_told_in_fifteenths_and_what_is_too_old_is_not_listed()
    {
        var table = new ForwardingTable(Ageing, _clock);
        table.Learn(1, 1);
        Assert.True(table.TryAddStatic(2, 9));
        _clock.Advance(TimeSpan.FromSeconds(35));
        table.Tick();
        table.Learn(3, 3);
        _clock.Advance(TimeSpan.FromSeconds(10));

        // Nothing has swept since: the clock counts, and not the last pass.
        Assert.Equal(
            [new(1, 1, false, TimeSpan.FromSeconds(40)), new(2, 9, true, null),
                new(3, 3, false, TimeSpan.FromSeconds(10))],
            table.List().OrderBy(entry => entry.Key));

        _clock.Advance(TimeSpan.FromSeconds(140));
        Assert.Equal([2UL, 3UL], table.List().Select(entry => entry.Key).Order());
        _clock.Advance(TimeSpan.FromDays(1000));
        Assert.Equal([2UL], table.List().Select(entry => entry.Key));
    }

    [Fact]
    public void What_never_ages_has_no_age()
    {
        var table = new ForwardingTable(Timeout.InfiniteTimeSpan, _clock);
        table.Learn(1, 1);
        _clock.Advance(TimeSpan.FromDays(1));

        Assert.Null(Assert.Single(table.List()).Age);
    }

    [Fact]
    public void Looking_beside_a_sender_that_learns_finds_only_what_was_learned_and_takes_nothing()
    {
        const int stations = 500;
        var table = new ForwardingTable(Ageing, _clock);
        for (int station = 1; station <= stations; station++)
        {
            table.Learn(Frame.Address(station), 1 + (station % 4));
        }

        using var stop = new CancellationTokenSource();
        var sender = new Thread(() =>
        {
            for (int i = 0; !stop.IsCancellationRequested; i++)
            {
                table.Learn(Frame.Address(1 + (i % stations)), 5 + (i % 4));
                table.Tick();
            }
        });
        sender.Start();
        try
        {
            HashSet<ulong> known = [.. Enumerable.Range(1, stations).Select(Frame.Address)];
            for (int i = 0; i < 200; i++)
            {
                IReadOnlyList<ForwardingEntry> seen = table.List();
                Assert.All(seen, entry => Assert.Contains(entry.Key, known));
                Assert.All(seen, entry => Assert.InRange(entry.Port, 1, 8));
                Assert.Equal(seen.Count, seen.Select(entry => entry.Key).Distinct().Count());
            }
        }
        finally
        {
            stop.Cancel();
            sender.Join();
        }

        Assert.Equal(table.Count, table.List().Count);
    }
}
