using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Linux;

public class QuantityTests
{
    [Theory]
    [InlineData(0, "0 workers")]
    [InlineData(1, "1 worker")]
    [InlineData(2, "2 workers")]
    [InlineData(-1, "-1 workers")]
    public void One_thing_is_one_thing(long count, string text) => Assert.Equal(text, Quantity.Of(count, "worker"));

    [Fact]
    public void Some_plurals_have_no_s() => Assert.Equal(("1 frame is", "2 frames are"),
        (Quantity.Of(1, "frame is", "frames are"), Quantity.Of(2, "frame is", "frames are")));

    [Theory]
    [InlineData("prot", "port", 1)]
    [InlineData("port", "port", 0)]
    [InlineData("--frmae", "--frame", 1)]
    [InlineData("", "up", 2)]
    [InlineData("prot", "up", 4)]
    public void Letters_that_changed_places_are_one_mistake(string typed, string meant, int distance) =>
        Assert.Equal(distance, NearbyWords.Distance(typed, meant));

    [Fact]
    public void Cpus_are_written_as_ranges() => Assert.Equal(("0-3, 8", "5", ""),
        (CpuSet.Describe([0, 1, 2, 3, 8]), CpuSet.Describe([5]), CpuSet.Describe([])));
}
