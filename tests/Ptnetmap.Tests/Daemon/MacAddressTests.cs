using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

public class MacAddressTests
{
    [Theory]
    [InlineData("02:00:00:00:00:01", 0x0100_0000_0002UL)]
    [InlineData("ff:ff:ff:ff:ff:ff", 0xFFFF_FFFF_FFFFUL)]
    [InlineData("0A:0b:0C:0d:0E:0f", 0x0F0E_0D0C_0B0AUL)]
    public void The_first_byte_on_the_wire_is_the_lowest(string text, ulong value)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress mac));
        Assert.Equal((value, text.ToLowerInvariant()), (mac.Value, mac.ToString()));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("02:00:00:00:00")]
    [InlineData("02:00:00:00:00:01:02")]
    [InlineData("02:00:00:00:00:1")]
    [InlineData("02:00:00:00:00:+1")]
    [InlineData("02-00-00-00-00-01")]
    public void What_is_no_address_is_not_read_as_one(string? text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void A_ports_address_is_its_own_local_and_the_same_every_time()
    {
        MacAddress mac = MacAddress.ForPort("vale0:a");

        Assert.Equal(mac, MacAddress.ForPort("vale0:a"));
        Assert.NotEqual(mac, MacAddress.ForPort("vale0:b"));
        Assert.Equal(2UL, mac.Value & 0xFF);
    }
}
