using CsCheck;

namespace Ptnetmap.Tests.Abi;

public class NameSpellingTests
{
    private const string Letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    // Characters that spellings give a meaning of their own, so that one that is taken for an escape shows.
    private static readonly Gen<string> Names = Gen.OneOf(
        Gen.Char["ab05mszu_-.=+:{}^*/@, host"].Array[0, 14].Select(letters => new string(letters)),
        Gen.String);

    [Theory]
    [InlineData("vale0:web_1", "vale0.web_1", "vale0=web_1", "web__1")]
    [InlineData("netmap:v0^", "netmap.v0-host", "netmap=v0+host", "v0_host")]
    [InlineData("netmap:eth0-1", "netmap.eth0--1", "netmap=eth0-1", "eth0_2d1")]
    [InlineData("tap:eth0.100", "tap.eth0-2e100", "tap=eth0+2e100", "eth0_2e100")]
    [InlineData("p{1", "p-m1", "p+m1", "p_m1")]
    [InlineData("tap:web0", "tap.web0", "tap=web0", "web0")]
    public void A_name_stays_readable(string name, string id, string file, string member) => Assert.Equal(
        (id, file, member),
        (NameSpelling.QemuId.Of(name, 100), NameSpelling.FileName.Of(name, 100), NameSpelling.MemberFor(name)));

    [Fact]
    public void Two_names_never_have_one_spelling() => Gen.Select(Names, Names).Sample((left, right) =>
    {
        foreach (NameSpelling spelling in (NameSpelling[])[NameSpelling.QemuId, NameSpelling.FileName,
            NameSpelling.SwitchPort])
        {
            foreach (int longest in (int[])[16, 1000])
            {
                Assert.Equal(
                    string.Equals(left, right, StringComparison.Ordinal),
                    string.Equals(spelling.Of(left, longest), spelling.Of(right, longest), StringComparison.Ordinal));
            }
        }
    }, iter: 10_000);

    [Fact]
    public void A_spelling_has_the_characters_of_its_alphabet_and_is_no_longer_than_asked() => Names.Sample(
        name =>
        {
            foreach ((NameSpelling spelling, string more) in ((NameSpelling, string)[])[
                (NameSpelling.QemuId, "-._"), (NameSpelling.FileName, "_-+="), (NameSpelling.SwitchPort, "_")])
            {
                foreach (int longest in (int[])[16, 1000])
                {
                    string spelled = spelling.Of(name, longest);
                    Assert.InRange(spelled.Length, 0, longest);
                    Assert.True(spelled.All(c => Letters.Contains(c, StringComparison.Ordinal)
                        || more.Contains(c, StringComparison.Ordinal)), spelled);
                }
            }
        },
        iter: 2_000);

    [Fact]
    public void Names_that_begin_alike_differ_when_they_are_cut()
    {
        string[] members =
        [
            NameSpelling.MemberFor("pcap:/srv/captures/monday/in.pcap,-"),
            NameSpelling.MemberFor("pcap:/srv/captures/monday/out.pcap,-"),
            NameSpelling.MemberFor("pcap:-,/srv/captures/monday/in.pcap"),
        ];

        Assert.Equal(3, members.Distinct(StringComparer.Ordinal).Count());
        Assert.All(members, member => Assert.True(PortName.TryParse($"vale0:{member}", out _), member));
        Assert.StartsWith("out_z", members[1], StringComparison.Ordinal);
    }

    [Fact]
    public void Every_name_of_the_grammar_makes_a_switchs_port() => Gen.Char[Letters + "_.+=~,;#%&!$()[]"].Array[1, 15]
        .Select(letters => new string(letters)).Sample(part =>
            Assert.True(PortName.TryParse($"vale0:{NameSpelling.MemberFor($"tap:{part}")}", out _), part));
}
