namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>What is said of a mistake names the mistake, and what helps.</summary>
public class MisleadingTextTests
{
    [Theory]
    [InlineData("'br0' is no switch's name; expected 'vale' and", "switch", "attach", "br0", "tap:q")]
    [InlineData("'q' is no interface or capture; expected netmap:INTERFACE (the interface: netmap:q), tap:NAME",
        "switch", "attach", "vale0", "q")]
    [InlineData("'vale1:x' is no interface or capture", "switch", "attach", "vale0", "vale1:x")]
    [InlineData("at most 15 characters, this one 16", "switch", "attach", "vale0", "tap:abcdefghijklmnop")]
    [InlineData("--as 'a:b'", "switch", "attach", "vale0", "tap:q", "--as", "a:b")]
    [InlineData("--rate is for a guest program; name one with --program send|receive|echo", "port", "add", "vale0:a",
        "--rate", "5")]
    [InlineData("'ptnet bridge add' has no option '--foo'", "bridge", "add", "--foo", "vale0:a")]
    [InlineData("'ptnet guest bridge' has no option '--port'", "guest", "bridge", "--port", "a")]
    [InlineData("'ptnet port show' has no option '--al'", "port", "show", "--al")]
    [InlineData("--json: expected a file, or - for standard output", "bench", "v2v", "--json", "")]
    [InlineData("nothing is called '..'", "domain", "rm", "..")]
    public async Task A_mistake_is_named_before_a_daemon_is_asked(string text, params string[] arguments)
    {
        PtnetResult result = await PtnetProcess.Run(arguments);

        Assert.NotEqual(0, result.Code);
        Assert.Contains(text, result.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("no daemon", result.Errors, StringComparison.Ordinal);
    }
}
