using CsCheck;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Switching;

public class ForwardingTableTests
{
    private static readonly Gen<ulong> Key = Gen.ULong[0, (1UL << ForwardingTable.KeyBits) - 1];

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_key_is_told_from_every_other() => Gen.Select(Key, Key, Gen.ULong, Gen.Int[1, 254]).Sample(
        (known, other, secret, port) =>
        {
            ForwardingTable table = Make(secret);
            table.Learn(known, port);
            Assert.Equal(port, table.Find(known));
            Assert.Equal(known == other ? port : 0, table.Find(other));
        });

    [Fact]
    public void Keys_0_and_all_ones_are_keys_like_others()
    {
        ForwardingTable table = Make(secret: 1);
        Assert.Equal(0, table.Find(0));
        table.Learn(0, 7);
        table.Learn((1UL << 60) - 1, 254);
        Assert.Equal(7, table.Find(0));
        Assert.Equal(254, table.Find((1UL << 60) - 1));
        Assert.Equal(2, table.Count);
    }

    [Fact]
    public void No_secret_crowds_addresses_that_count_up()
    {
        var secrets = new Random(1);
        Span<byte> secret = stackalloc byte[8];
        for (int i = 0; i < 10_000; i++)
        {
            secrets.NextBytes(secret);
            ForwardingTable table = Make(BitConverter.ToUInt64(secret));
            int[] stations = [.. Enumerable.Range(1, 16)];
            Array.ForEach(stations, station => table.Learn(Frame.Address(station), station));
            Assert.Equal(stations, stations.Select(station => table.Find(Frame.Address(station))));
        }
    }

    [Fact]
    public void A_full_set_gives_up_what_was_longest_unseen_but_no_static_entry()
    {
        // With a multiplier of 1, the set is made of the key's top thirty bits: these keys share one.
        ForwardingTable table = Make(secret: 1);
        Assert.True(table.TryAddStatic(100, 9));
        foreach (ulong key in (ReadOnlySpan<ulong>)[1, 2, 3])
        {
            table.Learn(key, 1);
            _clock.Advance(TimeSpan.FromSeconds(1));
            table.Tick();
        }

        table.Learn(1, 1);
        table.Learn(4, 1);

        Assert.Equal([1, 0, 1, 1, 9], new ulong[] { 1, 2, 3, 4, 100 }.Select(table.Find));
    }

    [Fact]
    public void A_set_holds_four_static_entries()
    {
        ForwardingTable table = Make(secret: 1);
        table.Learn(50, 1);
        Assert.All(new ulong[] { 1, 2, 3, 4 }, key => Assert.True(table.TryAddStatic(key, 5)));
        Assert.False(table.TryAddStatic(6, 5));
        table.Learn(50, 1);
        Assert.Equal(0, table.Find(50));

        Assert.True(table.TryAddStatic(4, 6));
        Assert.Equal(6, table.Find(4));
        Assert.True(table.Remove(4));
        Assert.False(table.Remove(4));
        Assert.Equal(0, table.Find(4));
        table.Learn(50, 1);
        Assert.Equal(1, table.Find(50));
    }

    [Fact]
    public void A_learned_key_becomes_static_in_its_place()
    {
        ForwardingTable table = Make(secret: 1);
        table.Learn(1, 1);
        table.Learn(2, 1);
        Assert.True(table.TryAddStatic(2, 3));
        Assert.Equal(2, table.Count);
        Assert.Equal(3, table.Find(2));
    }

    [Fact]
    public void Ageing_agrees_with_a_dictionary_of_ticks() =>
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 40]).Array[1, 60].Sample(
            steps =>
            {
                var clock = new ManualClock();
                var table = new ForwardingTable(TimeSpan.FromSeconds(15), clock);
                var seen = new Dictionary<int, int>();
                int now = 0;
                foreach ((int key, int wait) in steps)
                {
                    clock.Advance(TimeSpan.FromSeconds(wait));
                    now += wait;
                    table.Tick();
                    foreach (int known in Enumerable.Range(0, 6))
                    {
                        bool alive = seen.TryGetValue(known, out int last) && now - last <= 15;
                        Assert.Equal(alive ? 1 : 0, table.Find((ulong)known));
                    }

                    table.Learn((ulong)key, 1);
                    seen[key] = now;
                }
            });

    [Fact]
    public void Without_ageing_nothing_is_forgotten()
    {
        var table = new ForwardingTable(Timeout.InfiniteTimeSpan, _clock);
        table.Learn(1, 2);
        _clock.Advance(TimeSpan.FromDays(1000));
        table.Tick();
        Assert.Equal(2, table.Find(1));
    }

    [Fact]
    public void An_ageing_time_of_nothing_is_refused() => Assert.Throws<ArgumentOutOfRangeException>(
        () => new ForwardingTable(TimeSpan.Zero, _clock));

    [Fact]
    public void A_port_that_goes_takes_its_entries_along()
    {
        ForwardingTable table = Make(secret: 0x9E37_79B9_7F4A_7C15);
        for (ulong key = 0; key < 1000; key++)
        {
            table.Learn(key, (int)(key % 3) + 1);
        }

        Assert.True(table.TryAddStatic(5000, 2));
        table.RemovePort(2);
        Assert.DoesNotContain(2, Enumerable.Range(0, 1000).Append(5000).Select(key => table.Find((ulong)key)));
        Assert.Equal(1, table.Find(0));
        Assert.Equal(3, table.Find(2));
    }

    private ForwardingTable Make(ulong secret) => new(TimeSpan.FromSeconds(15), _clock, secret);
}
