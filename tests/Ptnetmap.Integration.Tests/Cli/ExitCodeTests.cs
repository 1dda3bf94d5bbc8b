using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>2 for what is wrong in itself, whoever finds that out; 1 for what failed or was refused.</summary>
public sealed class ExitCodeTests
{
    [Fact]
    public async Task What_is_wrong_on_the_command_line_has_one_code_and_what_is_refused_another()
    {
        using RunningDaemon daemon =
            await RunningDaemon.Start("[[port]]\nname = \"vale0:a\"\nslots = 64\ntransport = \"none\"\n");

        foreach (string[] wrong in (string[][])
        [
            ["port", "add", "vale0:b", "--rings", "99"],
            ["port", "add", "vale0:b", "--mac", "zz"],
            ["port", "add", "nonsense"],
            ["port", "ad", "vale0:b"],
            ["port", "add", "tap:.."],
            ["port", "add", "netmap:."],
            ["port", "add", "netmap:a", "--interface", "\u00e9"],
            ["port", "add", "tap:a", "--mtu", "5"],
            ["port", "show", ".."],
            ["switch", "attach", "vale0", "tap:x", "--host"],
            ["domain", "add", "a\u202eb"],
            ["vm", "args", "vale0:a", "--patience", "1"],
            ["guest", "tap", "a/b"],
            ["port", "ls", "--run-dir", ""],
            ["port", "ls", "--run-dir", $"/{new string('x', 200)}"],
        ])
        {
            PtnetResult result = await daemon.Run(wrong);
            Assert.True(result.Code == 2, $"{string.Join(' ', wrong)}: {result.Code}: {result.Errors}");
            Assert.DoesNotContain("Exception", result.Errors, StringComparison.Ordinal);
        }

        Assert.Empty((await daemon.Json("bridge", "ls")).EnumerateArray());
        foreach (string[] refused in (string[][])
        [
            ["port", "add", "vale0:a"],
            ["port", "rm", "vale0:nosuch"],
            ["port", "attach", "vale0:a"],
            ["port", "add", "vale0:b", "--domain", "vale0:a"],
        ])
        {
            PtnetResult result = await daemon.Run(refused);
            Assert.True(result.Code == 1, $"{string.Join(' ', refused)}: {result.Code}: {result.Errors}");
        }
    }
}
