using System.Diagnostics;

namespace Ptnetmap.Integration.Tests;

public class ScriptTests
{
    private static readonly string[] Scripts = ["ptnet", "test", ".ci/run", "eng/setup.sh", "bench/run"];

    [Fact]
    public async Task Scripts_are_clean_for_shellcheck()
    {
        if (Needs.FindProgram("shellcheck") is not { } shellcheck)
        {
            Assert.Skip("shellcheck is not installed");
            return;
        }

        ProcessStartInfo start = new(shellcheck, ["-x", .. Scripts])
        {
            WorkingDirectory = Tree.Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using Process process = Process.Start(start)!;
        string findings = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal((0, ""), (process.ExitCode, findings));
    }
}
