using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Each mistake of a file is told once, with its own limits, and none is cut, passed over or followed by
/// others.</summary>
public class ConfigFaultTests
{
    [Theory]
    [InlineData("[[port]]\nname = \"vale0:a\"\nrings = 1.5",
        "f:3: rings: expected a whole number from 1 to 16, found the number 1.5")]
    [InlineData("[[port]]\nname = \"tap:a\"\nhost = { mtu = \"big\" }",
        "f:3: host.mtu: expected a whole number from 68 to 65521, found the text 'big'")]
    [InlineData("[[switch]]\nname = \"vale0\"\nuplink_flood_limit = 2147483648",
        "f:3: uplink_flood_limit: 2147483648 is outside the limits 0 to 2147483647")]
    [InlineData("[[switch]]\nname = \"vale0\"\nflood_limit = -99999999999",
        "f:3: flood_limit: -99999999999 is outside the limits 0 to 2147483647")]
    [InlineData("[[domain]]\nname = \"d\"\nextra_buffers = 4294967296",
        "f:3: extra_buffers: 4294967296 is outside the limits 0 to 2147483647")]
    [InlineData("[daemon]\ncpus = [99999999999999]", "f:2: cpus: 99999999999999 is outside the limits 0 to 1023")]
    [InlineData("[daemon]\ncpus = [0, 0]", "f:2: cpus: 0 is named twice")]
    [InlineData("[daemon]\ncpus = 0", "f:2: cpus: expected a list of whole numbers from 0 to 1023, found the number 0")]
    public void A_number_is_refused_with_its_own_limits(string text, string told) => Assert.Equal(told, Told(text));

    [Theory]
    [InlineData("[[bridge]]", "f:1: [[bridge]] has no left and no right, and needs both")]
    [InlineData("[[bridge]]\nleft = \"tap:a\"", "f:1: [[bridge]] has no right, and needs one")]
    [InlineData("[[port]]\nhost = { mtu = 1500 }", "f:1: [[port]] has no name, and needs one")]
    [InlineData("[[port]]\nname = 3\nhost = { mtu = 1500 }",
        "f:2: name: expected a text in quotes, found the number 3")]
    [InlineData("[[port]]\nname = \"tap:a b\"\nhost = { mtu = 1500 }",
        "f:2: name: bad port name: expected the end\n  tap:a b\n       ^")]
    [InlineData("[[domain]]\nnmae = \"d\"\n[[port]]\nname = \"tap:a\"\ndomain = \"d\"", "f:2: 'nmae' is nothing " +
        "that 'domain' has; there are name, ports, rings, slots, extra_buffers, buffer_size, region_id, huge_pages")]
    [InlineData("[[port]]\nname = \"tap:a\"\nguest = { program = 1, rate = 5 }",
        "f:3: guest.program: expected a text in quotes, found the number 1")]
    [InlineData("[[port]]\nname = \"tap:a\"\ndomain = \"d\"\n[[pipe]]\nname = \"p{1\"\ndomain = \"d\"",
        "f:3: domain: no trust domain 'd'; the file has none. Leave it out for one of its own")]
    [InlineData("[daemon]\npolicy = 1", "f:2: policy: expected a text in quotes, found the number 1")]
    public void One_mistake_is_told_once(string text, string told) => Assert.Equal(told, Told(text));

    [Theory]
    [InlineData("[[port]]\nname = \"vale0:a\"\nmac = \"02:00:00:00:00:aa\"\n[[port]]\nname = \"vale0:b\"\nmac = " +
        "\"02:00:00:00:00:AA\"", "f:6: mac: Ethernet address '02:00:00:00:00:aa' is taken already (line 3)")]
    [InlineData("[[domain]]\nname = \"tap:a\"\n[[port]]\nname = \"tap:a\"", "f:4: name: trust domain 'tap:a' (line 2)")]
    [InlineData("[[pipe]]\nname = \"p{1\"\n[[domain]]\nname = \"p{1\"", "f:2: name: trust domain 'p{1' (line 4)")]
    [InlineData("[[bridge]]\nleft = \"tap:a\"\nright = \"tap:b\"\n[[domain]]\nname = \"tap:a\"",
        "f:2: left: trust domain 'tap:a' (line 5)")]
    public void What_cannot_be_twice_is_told_before_anything_is_made(string text, string told) =>
        Assert.StartsWith(told, Told(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("[[domain]]\nname = \"tap:a\"\n[[port]]\nname = \"tap:a\"\ndomain = \"tap:a\"")]
    [InlineData("[[domain]]\nname = \"tap:a\"\n[[port]]\nname = \"tap:a\"\ndomain = \"tap:a\"\n[[bridge]]\nleft = " +
        "\"tap:a\"\nright = \"tap:b\"")]
    public void A_domain_with_a_ports_name_is_one_when_the_port_is_in_it(string text) =>
        Assert.NotEmpty(ConfigReader.Read(text, "f").Ports);

    [Theory]
    [InlineData("\"\\u001b[2Jx\\u202e\" = 1", "f:1: '\\u001b[2Jx\\u202e' is nothing that the file has")]
    [InlineData("[daemon]\npolicy = \"\\u001b[2J\"", "f:2: policy: '\\u001b[2J' is none of")]
    [InlineData("[[switch]]\nname = \"\\u001b]0;x\\u0007\"", "f:2: name: '\\u001b]0;x\\u0007' is no switch's name")]
    [InlineData("[[port]]\nname = \"tap:a\"\nrings = \"a\\nf:9: all is well\"",
        "f:3: rings: expected a whole number from 1 to 16, found the text 'a\\u000af:9: all is well'")]
    public void What_a_file_says_is_not_obeyed_by_the_terminal(string text, string told)
    {
        string message = Told(text);

        Assert.StartsWith(told, message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', message);
    }

    private static string Told(string text)
    {
        ConfigException found = Assert.Throws<ConfigException>(() => ConfigReader.Read(text, "f"));
        Assert.Single(found.Problems);
        return found.Message;
    }
}
