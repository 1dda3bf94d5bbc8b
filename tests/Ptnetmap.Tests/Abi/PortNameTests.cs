using CsCheck;

namespace Ptnetmap.Tests.Abi;

public class PortNameTests
{
    private const string Lower = "abcdefghijklmnopqrstuvwxyz0123456789_";

    private static readonly Gen<string> Word = Gen.Char[Lower].Array[1, 15].Select(letters => new string(letters));

    [Theory]
    [InlineData("netmap:eth0", PortNameKind.Interface, "", "eth0", PipeEnd.None, "")]
    [InlineData("netmap:enp0s3.100", PortNameKind.Interface, "", "enp0s3.100", PipeEnd.None, "")]
    [InlineData("netmap:eth0{2", PortNameKind.Interface, "", "eth0", PipeEnd.Master, "2")]
    [InlineData("vale0:vm1", PortNameKind.Vale, "vale0", "vm1", PipeEnd.None, "")]
    [InlineData("vale:vm1", PortNameKind.Vale, "vale", "vm1", PipeEnd.None, "")]
    [InlineData("vale_top:a_1}x", PortNameKind.Vale, "vale_top", "a_1", PipeEnd.Slave, "x")]
    [InlineData("link{1", PortNameKind.Free, "", "link", PipeEnd.Master, "1")]
    [InlineData("link}left_2", PortNameKind.Free, "", "link", PipeEnd.Slave, "left_2")]
    public void A_name_has_its_parts(string name, PortNameKind kind, string vale, string part, PipeEnd pipe, string id)
    {
        PortName parsed = PortName.Parse(name);
        Assert.Equal((kind, vale, part, pipe, id),
            (parsed.Kind, parsed.Switch, parsed.Part, parsed.Pipe, parsed.PipeId));
        Assert.Equal((name, name), (parsed.Port, parsed.ToString()));
        Assert.Equal((RingChoice.All, 0, PortNameOptions.None, 0),
            (parsed.Rings, parsed.Ring, parsed.Options, (int)parsed.RegionId));
    }

    [Theory]
    [InlineData("netmap:eth0-0", RingChoice.One, 0)]
    [InlineData("netmap:eth0-4094", RingChoice.One, 4094)]
    [InlineData("netmap:eth0^", RingChoice.Host, 0)]
    [InlineData("netmap:eth0*", RingChoice.AllAndHost, 0)]
    [InlineData("vale0:vm1-3", RingChoice.One, 3)]
    [InlineData("link{1-2", RingChoice.One, 2)]
    public void A_name_chooses_rings(string name, RingChoice rings, int ring)
    {
        PortName parsed = PortName.Parse(name);
        Assert.Equal((rings, ring, name), (parsed.Rings, parsed.Ring, parsed.ToString()));
    }

    [Theory]
    [InlineData("vale0:vm1/t", PortNameOptions.MonitorTx, "vale0:vm1/t")]
    [InlineData("vale0:vm1/r", PortNameOptions.MonitorRx, "vale0:vm1/r")]
    [InlineData("vale0:vm1/x", PortNameOptions.Exclusive, "vale0:vm1/x")]
    [InlineData("vale0:vm1/R", PortNameOptions.RxOnly, "vale0:vm1/R")]
    [InlineData("vale0:vm1/T", PortNameOptions.TxOnly, "vale0:vm1/T")]
    [InlineData("vale0:vm1/zt", PortNameOptions.MonitorTx | PortNameOptions.ZeroCopyMonitor, "vale0:vm1/tz")]
    [InlineData("vale0:vm1/z/r", PortNameOptions.MonitorRx | PortNameOptions.ZeroCopyMonitor, "vale0:vm1/rz")]
    [InlineData("vale0:vm1/t/t", PortNameOptions.MonitorTx, "vale0:vm1/t")]
    [InlineData("vale0:vm1/Rxt", PortNameOptions.MonitorTx | PortNameOptions.Exclusive | PortNameOptions.RxOnly,
        "vale0:vm1/txR")]
    public void A_name_has_letters_in_any_order(string name, PortNameOptions options, string canonical)
    {
        PortName parsed = PortName.Parse(name);
        Assert.Equal((options, canonical), (parsed.Options, parsed.ToString()));
    }

    [Theory]
    [InlineData("netmap:eth0@1", 1, "netmap:eth0@1")]
    [InlineData("link{1-0/x@65535", 65535, "link{1-0/x@65535")]
    [InlineData("link{1@7/x", 7, "link{1/x@7")]
    public void A_name_has_a_region(string name, int region, string canonical)
    {
        PortName parsed = PortName.Parse(name);
        Assert.Equal((region, canonical), ((int)parsed.RegionId, parsed.ToString()));
    }

    [Fact]
    public void A_pipe_knows_its_other_end_and_the_port_that_it_hangs_on()
    {
        PortName pipe = PortName.Parse("vale0:vm1{3-1/x@9");
        Assert.Equal(("vale0:vm1", "vale0:vm1{3", "vale0:vm1}3"), (pipe.Base, pipe.Port, pipe.OtherEnd));
        Assert.Equal(pipe.Port, PortName.Parse(pipe.OtherEnd).OtherEnd);
        _ = Assert.Throws<InvalidOperationException>(() => PortName.Parse("vale0:vm1").OtherEnd);
    }

    [Theory]
    [InlineData("", 0, "expected a name")]
    [InlineData("netmap:", 7, "expected an interface's name")]
    [InlineData("netmap:..", 7, "'..' is a step in a path")]
    [InlineData("pcap:-,-", 5, "expected a file on one side at least")]
    [InlineData("tap:.", 4, "'.' is a step in a path")]
    [InlineData("netmap:a-b", 9, "a ring's number, 0 to 4094")]
    [InlineData("netmap:eth0-", 12, "a ring's number, 0 to 4094")]
    [InlineData("netmap:eth0-4095", 12, "a ring's number, 0 to 4094")]
    [InlineData("netmap:eth0-99999999999999999999", 12, "a ring's number, 0 to 4094")]
    [InlineData("netmap:sixteencharacter", 22, "at most 15 characters, this one 16")]
    [InlineData("netmap:eth0 ", 11, "expected '{', '}', '-', '^', '*', '/', '@' or the end")]
    [InlineData("netmap:eth0^2", 12, "expected '/', '@' or the end")]
    [InlineData("vale0", 5, "expected ':' and a port of switch vale0")]
    [InlineData("vale0:", 6, "a switch port's name")]
    [InlineData("vale0:vm 1", 8, "expected '{', '}', '-', '/', '@' or the end")]
    [InlineData("vale0:vm1^", 9, "only an interface has host rings")]
    [InlineData("netmap:eth0{1*", 13, "only an interface has host rings")]
    [InlineData("vale-0:vm1", 4, "expected ':'")]
    [InlineData("vale012345678901:p", 15, "at most 15 characters, this one 16")]
    [InlineData("vale0:sixteencharacter", 21, "at most 15 characters, this one 16")]
    [InlineData("eth0", 4, "expected '{' or '}'")]
    [InlineData("link{", 5, "a pipe's id")]
    [InlineData("link{1}2", 6, "expected '-', '/', '@' or the end")]
    [InlineData("{1", 0, "expected a name")]
    [InlineData("link{1/", 7, "one of t (monitor tx)")]
    [InlineData("link{1/q", 7, "one of t (monitor tx)")]
    [InlineData("link{1/tq", 8, "one of t (monitor tx)")]
    [InlineData("link{1/RT", 8, "exclude each other")]
    [InlineData("link{1/z", 6, "needs t or r")]
    [InlineData("link{1/x/z@1", 8, "needs t or r")]
    [InlineData("link{1@", 7, "a region's id, 1 to 65535")]
    [InlineData("link{1@0", 7, "a region's id, 1 to 65535")]
    [InlineData("link{1@65536", 7, "a region's id, 1 to 65535")]
    [InlineData("link{1@1@2", 8, "given twice")]
    [InlineData("link{1/x-3", 8, "one of t (monitor tx)")]
    [InlineData("link{000000000000000000000000000000000000000000000000000000000001", 63,
        "at most 63 characters, this one 65")]
    public void A_bad_name_is_pointed_at_and_told_what_was_expected(string name, int position, string expected)
    {
        PortNameException refusal = Assert.Throws<PortNameException>(() => PortName.Parse(name));
        Assert.Contains(expected, refusal.Message.Split('\n')[0], StringComparison.Ordinal);
        Assert.Equal(position, refusal.Position);
        Assert.Equal($"  {name}\n  {new string(' ', position)}^",
            refusal.Message[(refusal.Message.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
        Assert.False(PortName.TryParse(name, out PortName? none));
        Assert.Null(none);
    }

    [Fact]
    public void What_does_not_print_is_not_printed()
    {
        PortNameException refusal = Assert.Throws<PortNameException>(() => PortName.Parse("vale0:\u001b[31m\n\u00e4"));
        Assert.EndsWith("\n  vale0:?[31m??\n        ^", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_is_no_name() => Assert.False(PortName.TryParse(null, out _));

    [Fact]
    public void Any_name_that_the_grammar_makes_is_read_and_written_back()
    {
        Gen<string> bases = Gen.OneOf(
            Word.Select(word => "netmap:" + word),
            Gen.Select(Gen.Char[Lower].Array[0, 11], Word, (letters, port) => $"vale{new string(letters)}:{port}"));
        Gen<string> pipes = Gen.Select(Gen.Char["{}"], Gen.Int[0, 9999], (bracket, id) => $"{bracket}{id}");
        Gen<string> names = Gen.Select(
            Gen.OneOf(bases, Gen.Select(bases, pipes, string.Concat),
                Gen.Select(Word.Select(w => "p" + w[1..]), pipes, string.Concat)),
            Gen.OneOf(Gen.Const(""), Gen.Int[0, 4094].Select(ring => $"-{ring}")),
            Gen.OneOf(Gen.Const(""), Gen.Int[1, 63].Select(Letters)),
            Gen.OneOf(Gen.Const(""), Gen.Int[1, 65535].Select(region => $"@{region}")),
            (port, ring, letters, region) => port + ring + letters + region);
        names.Sample(name =>
        {
            PortName parsed = PortName.Parse(name);
            Assert.Equal(name, parsed.ToString());
            Assert.Equal(parsed, PortName.Parse(parsed.ToString()));
        });
    }

    [Fact]
    public void Any_text_is_a_name_or_a_refusal_inside_it()
    {
        // Much of it is nearly a name: cut, glued and mutated pieces of names get further than letters at random.
        string[] pieces = ["netmap:", "vale", "vale0:", "vm1", "{", "}", "-", "^", "*", "/", "@", "t", "zr", "RT", "1",
            "65536", ":", " ", "\0", "\ud800"];
        Gen<string> nearly =
            Gen.Int[0, pieces.Length - 1].Array[0, 9].Select(choice => string.Concat(choice.Select(i => pieces[i])));
        Gen.OneOf(nearly, Gen.String).Sample(text =>
        {
            bool read = PortName.TryParse(text, out PortName? parsed);
            try
            {
                Assert.Equal(parsed, PortName.Parse(text));
                Assert.True(read);
                Assert.Equal(parsed, PortName.Parse(parsed!.ToString()));
            }
            catch (PortNameException refusal)
            {
                Assert.False(read);
                Assert.InRange(refusal.Position, 0, text.Length);
                Assert.NotEmpty(refusal.Message);
            }
        }, iter: 20_000);
    }

    // A choice of letters in their order, less those that contradict each other.
    private static string Letters(int choice)
    {
        string letters = string.Concat("trzxRT".Where((_, i) => (choice & (1 << i)) != 0));
        letters = letters.Contains("RT", StringComparison.Ordinal) ? letters[..^1] : letters;
        return letters[0] == 'z' ? "/t" + letters : "/" + letters;
    }
}
