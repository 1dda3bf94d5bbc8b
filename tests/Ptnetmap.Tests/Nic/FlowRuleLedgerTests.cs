using Ptnetmap.Nic.Xdp;

namespace Ptnetmap.Tests.Nic;

/// <summary>What a killed process has noted of its rules in NICs.</summary>
public sealed class FlowRuleLedgerTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-rules-");

    private string File => Path.Combine(_folder.FullName, "nic-rules");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Without_a_file_there_is_nothing_to_remove() => Assert.Equal(0, new FlowRuleLedger(File).Recover());

    [Theory]
    [InlineData("nosuchnic0 - 15 0 mac=52:54:00:12:34:56")]
    [InlineData("nosuchnic0 nosuchspace 15 0 udp=53")]
    [InlineData("lo - 15 0 udp=53")]
    [InlineData("lo - 15 0 nonsense")]
    [InlineData("lo - -1 0 udp=53")]
    [InlineData("a_name_that_is_too_long_for_an_interface - 1 0 udp=53")]
    [InlineData("../etc - 1 0 protocol=1")]
    [InlineData("lo")]
    [InlineData("")]
    public void Lines_that_lead_to_no_rule_are_dropped_with_the_file(string line)
    {
        System.IO.File.WriteAllLines(File, [line]);
        System.IO.File.WriteAllText(File + ".new", "half a li");
        Assert.Equal(0, new FlowRuleLedger(File).Recover());
        Assert.Empty(_folder.GetFiles());
    }
}
