using System.Diagnostics;

namespace Ptnetmap.Integration.Tests;

/// <summary>How <c>./test</c> runs an executable of tests, tried with a stand-in that prints what the runner
/// prints.</summary>
public sealed class TestRunTests : IDisposable
{
    private const string Start =
        """
        #!/usr/bin/env bash
        echo '    A.One(x: "a]b$(id)") [STARTING]'
        echo '    A.One(x: "a]b$(id)") [FINISHED] Time: 0.1s'
        echo '    A.Two [STARTING]'
        echo '    A.Two [SKIP]'
        echo '      for a reason'
        echo '    A.Two [FINISHED] Time: 0s'
        echo '    A.Three [STARTING]'
        printf 'without a line end'
        echo '    A.Three [FINISHED] Time: 0s'
        touch "$TMPDIR/left-behind"

        """;

    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_test_that_does_not_end_is_named_and_those_before_it_are_counted()
    {
        string[] lines = await Run("3", Start + "echo '    A.Four [STARTING]'\nsleep 1000\n");

        Assert.Contains("    A.Four [FAIL]", lines);
        Assert.Contains("3 s (PTNET_TEST_LIMIT)", lines[^2], StringComparison.Ordinal);
        Assert.Equal("2 passed, 1 failed, 1 skipped", lines[^1]);
    }

    [Fact]
    public async Task A_runner_that_stands_still_between_tests_is_ended()
    {
        string[] lines = await Run("3", Start + "sleep 1000\n");

        Assert.Contains("stood still", lines[^2], StringComparison.Ordinal);
        Assert.Equal("2 passed, 1 failed, 1 skipped", lines[^1]);
    }

    [Fact]
    public async Task A_runner_that_dies_fails_and_those_before_are_counted()
    {
        string[] lines = await Run("900", Start + "echo '    A.Four [STARTING]'\nkill -9 $$\n");

        Assert.Contains("ended with code 137 and without a summary, while 1 tests ran", lines[^2],
            StringComparison.Ordinal);
        Assert.Equal("2 passed, 1 failed, 1 skipped", lines[^1]);
    }

    [Fact]
    public async Task What_the_runner_says_of_itself_counts()
    {
        string[] lines = await Run(
            "900", Start + "echo '   T  Total: 9, Errors: 1, Failed: 2, Skipped: 3, Not Run: 0, Time: 1s'\nexit 1\n");

        Assert.Equal(["    0.1s A.One(x: \"a]b$(id)\")", "    A.Two [SKIP]", "      for a reason", "    0s A.Three"],
            lines[1..5]);
        Assert.Equal("4 passed, 3 failed, 3 skipped", lines[^1]);
    }

    [Fact]
    public async Task What_failed_is_said_once_more_before_the_sum()
    {
        const string failure = "echo '    A.Four [STARTING]'\necho '    A.Four [FAIL]'\necho '      expected 1'\n"
            + "echo '        at Four.cs'\necho '    A.Four [FINISHED] Time: 0s'\necho '    A.Five [STARTING]'\necho " +
            "'    A.Five [FINISHED] Time: 0s'\n";
        string[] lines = await Run("900", Start + failure + "exit 1\n");

        Assert.Equal(["== what failed", "    A.Four [FAIL]", "      expected 1", "        at Four.cs"], lines[^6..^2]);
        Assert.Equal("3 passed, 2 failed, 1 skipped", lines[^1]);
    }

    [Fact]
    public async Task An_SDK_that_does_not_start_says_why_itself()
    {
        const string reason = "the user's home directory could not be determined";
        string dotnet = Path.Combine(_folder, "dotnet");
        await File.WriteAllTextAsync(dotnet, $"#!/bin/sh\necho \"{reason}\" >&2\nexit 1\n",
            TestContext.Current.CancellationToken);
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", ["-uc", ". eng/setup.sh; PATH=\"$0:$PATH\"; need_dotnet", _folder])
        {
            WorkingDirectory = Tree.Root,
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        string errors = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Contains(reason, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("asks for the .NET 10 SDK", errors, StringComparison.Ordinal);
    }

    private async Task<string[]> Run(string limit, string runner)
    {
        string executable = Path.Combine(_folder, "runner");
        string temporary = Directory.CreateDirectory(Path.Combine(_folder, "tmp")).FullName;
        await File.WriteAllTextAsync(executable, runner, TestContext.Current.CancellationToken);
        File.SetUnixFileMode(executable, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(
            "bash", ["-uc", ". eng/tests.sh; own_temporary_directory; run_tests stand-in \"$0\" \"$1\"; finish",
                executable, Path.Combine(_folder, "log")])
        {
            WorkingDirectory = Tree.Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        start.Environment["PTNET_TEST_LIMIT"] = limit;
        start.Environment["TMPDIR"] = temporary;
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(1, process.ExitCode);
        Assert.Empty(Directory.EnumerateFileSystemEntries(temporary));
        return output.TrimEnd('\n').Split('\n');
    }
}
