namespace Ptnetmap.Tests.Abi;

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

    [Theory]
    [InlineData("2:0:0:0:0:1", true)]
    [InlineData("2::0:0:0:1", false)]
    [InlineData("2:0:0:0:0:001", false)]
    public void Where_people_may_be_brief_a_part_has_one_digit_at_least(string text, bool sound)
    {
        Assert.Equal(sound, MacAddress.TryParse(text, out MacAddress mac, fewestDigits: 1));
        Assert.Equal(sound ? MacAddress.Local(1) : default, mac);
    }

    [Fact]
    public void Bytes_are_in_the_order_of_the_wire()
    {
        byte[] bytes = [0x52, 0x54, 0, 0x12, 0x34, 0x5F];
        MacAddress mac = MacAddress.Read(bytes);
        Assert.Equal("52:54:00:12:34:5f", mac.ToString());
        Assert.Equal(bytes, mac.ToBytes());
    }

    [Fact]
    public void What_lies_behind_the_six_bytes_is_neither_read_nor_written()
    {
        byte[] bytes = [1, 2, 3, 4, 5, 6, 0xEE, 0xEE];
        Assert.Equal(0x0605_0403_0201UL, MacAddress.Read(bytes).Value);
        MacAddress.Broadcast.Write(bytes);
        Assert.Equal([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xEE, 0xEE], bytes);
    }

    [Theory]
    [InlineData("02:00:00:00:00:01", true, false)]
    [InlineData("52:54:00:00:00:01", true, false)]
    [InlineData("00:1b:21:00:00:01", true, false)]
    [InlineData("00:00:00:00:00:00", false, false)]
    [InlineData("01:00:5e:00:00:01", false, true)]
    [InlineData("33:33:00:00:00:01", false, true)]
    [InlineData("ff:ff:ff:ff:ff:ff", false, true)]
    public void Its_first_byte_says_whose_it_is(string text, bool valid, bool multicast)
    {
        Assert.True(MacAddress.TryParse(text, out MacAddress mac));
        Assert.Equal((valid, multicast), (mac.IsValid, mac.IsMulticast));
    }

    [Fact]
    public void A_made_up_address_has_its_number_at_the_end() =>
        Assert.Equal("02:00:00:00:12:34", MacAddress.Local(0x1234).ToString());
}
