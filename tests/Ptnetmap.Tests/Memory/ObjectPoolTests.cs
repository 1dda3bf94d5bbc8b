using CsCheck;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

public class ObjectPoolTests
{
    [Fact]
    public void The_first_objects_are_never_given_out()
    {
        var pool = new ObjectPool(66, 2);
        Assert.Equal(64u, pool.Free);
        Assert.Equal(Enumerable.Range(2, 64).Select(i => (uint)i), TakeAll(pool));
        Assert.Equal(0u, pool.Free);
        Assert.False(pool.TryFree(0));
        Assert.False(pool.TryFree(1));
    }

    [Theory]
    [InlineData(1u)]
    [InlineData(63u)]
    [InlineData(64u)]
    [InlineData(65u)]
    [InlineData(1000u)]
    public void No_object_behind_the_last_is_given_out(uint count) =>
        Assert.Equal(Enumerable.Range(0, (int)count).Select(i => (uint)i), TakeAll(new ObjectPool(count, 0)));

    [Fact]
    public void Giving_back_twice_is_noticed_and_does_nothing()
    {
        var pool = new ObjectPool(10, 2);
        Assert.True(pool.TryAllocate(out uint index));
        Assert.True(pool.TryFree(index));
        Assert.False(pool.TryFree(index));
        Assert.Equal(8u, pool.Free);
    }

    [Theory]
    [InlineData(10u)]
    [InlineData(63u)]
    [InlineData(64u)]
    [InlineData(uint.MaxValue)]
    public void Objects_of_no_pool_are_refused(uint index)
    {
        var pool = new ObjectPool(10, 2);
        _ = TakeAll(pool);
        Assert.False(pool.TryFree(index));
        Assert.Equal(0u, pool.Free);
    }

    [Fact]
    public void A_pool_does_what_a_set_does()
    {
        var cases =
            Gen.Select(Gen.UInt[1, 200], Gen.UInt[0, 3], Gen.Select(Gen.Int[0, 20], Gen.UInt[0, 210]).Array[0, 400]);
        cases.Sample((count, first, steps) =>
        {
            first = Math.Min(first, count);
            var pool = new ObjectPool(count, first);
            SortedSet<uint> free = [.. Enumerable.Range((int)first, (int)(count - first)).Select(i => (uint)i)];
            HashSet<uint> used = [];
            foreach ((int what, uint index) in steps)
            {
                Step(pool, free, used, what, index);
                Assert.Equal((uint)free.Count, pool.Free);
            }
        });
    }

    private static void Step(ObjectPool pool, SortedSet<uint> free, HashSet<uint> used, int what, uint index)
    {
        switch (what)
        {
            case 0:
                pool.Reset();
                free.UnionWith(used);
                used.Clear();
                break;
            case < 12:
                Assert.Equal(free.Count > 0, pool.TryAllocate(out uint given));
                if (free.Count > 0)
                {
                    Assert.Equal(free.Min, given);
                    _ = free.Remove(given);
                    _ = used.Add(given);
                }

                break;
            default:
                bool mine = used.Remove(index);
                Assert.Equal(mine, pool.TryFree(index));
                if (mine)
                {
                    _ = free.Add(index);
                }

                break;
        }
    }

    private static List<uint> TakeAll(ObjectPool pool)
    {
        List<uint> taken = [];
        while (pool.TryAllocate(out uint index))
        {
            taken.Add(index);
        }

        return taken;
    }
}
