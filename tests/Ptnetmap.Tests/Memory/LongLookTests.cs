using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>Waits look for long as long as that finds something.</summary>
public sealed class LongLookTests
{
    [Fact]
    public void Looks_in_vain_become_rare_and_one_that_finds_something_makes_all_long_again()
    {
        var look = default(LongLook);
        int[] gaps = [.. Enumerable.Range(0, 8).Select(_ => Gap(ref look, found: false))];
        Assert.Equal([0, 1, 3, 7, 15, 31, 63, 63], gaps);
        Assert.Equal(63, Gap(ref look, found: true));
        Assert.Equal(0, Gap(ref look, found: true));
        Assert.Equal(0, Gap(ref look, found: false));
        Assert.Equal(1, Gap(ref look, found: false));
    }

    // Short waits before the next long one.
    private static int Gap(ref LongLook look, bool found)
    {
        int waits = 0;
        while (!look.IsDue())
        {
            waits++;
        }

        look.Done(found);
        return waits;
    }
}
