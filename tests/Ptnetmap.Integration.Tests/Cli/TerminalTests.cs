using System.Diagnostics;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>What <c>ptnet</c> writes to a terminal.</summary>
public sealed class TerminalTests
{
    [Theory]
    [InlineData("--version")]
    [InlineData("bench v2v --frame 3")]
    [InlineData("port ls --run-dir /nowhere/run")]
    public async Task A_terminals_keypad_is_left_as_it_is(string arguments)
    {
        if (Needs.FindProgram("script") is not { } script)
        {
            Assert.Skip("script(1), which makes a terminal, is not installed");
            return;
        }

        string ptnet = Path.Combine(AppContext.BaseDirectory, "ptnet");
        var start = new ProcessStartInfo(script, ["-qec", $"{ptnet} {arguments}", "/dev/null"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        start.Environment["TERM"] = "xterm";
        using Process process = Process.Start(start)!;
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.NotEqual("", output);
        Assert.DoesNotContain("\e[?1h", output, StringComparison.Ordinal);
    }
}
