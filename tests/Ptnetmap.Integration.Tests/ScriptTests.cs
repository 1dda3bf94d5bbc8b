using System.Diagnostics;

namespace Ptnetmap.Integration.Tests;

/// <summary>The scripts at the root.</summary>
public class ScriptTests
{
    // Of the scripts that fetch.
    private const int CannotBeHad = 77;

    private static readonly string[] Scripts =
    [
        "ptnet", "test", ".ci/run", "eng/setup.sh", "eng/tests.sh", "eng/apt.sh", "eng/fetch-qemu", "eng/fetch-kernel",
        "eng/fetch-iperf3",
        "eng/fetch-shellcheck", "eng/make-initramfs", "eng/publish-native",
        "bench/run", "bench/table", "bench/control", "bench/qemu", "bench/nic-peers", "bench/v2v-peers", "bench/tap",
        "tests/Ptnetmap.Integration.Tests/Qemu/probe-devices.sh",
    ];

    [Fact]
    public async Task Scripts_are_clean_for_shellcheck()
    {
        string? shellcheck = Needs.FindProgram("shellcheck");
        if (shellcheck is null)
        {
            (int code, string output, string errors) =
                await Run(Path.Combine(Tree.Root, "eng/fetch-shellcheck"), [], build: null);
            Assert.SkipWhen(code == CannotBeHad, $"shellcheck is not installed, and {errors.Trim()}");
            Assert.True(code == 0, errors);
            shellcheck = output.Trim();
        }

        Assert.Equal((0, "", ""), await Run(shellcheck, ["-x", .. Scripts], build: null));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("jit")]
    public async Task Ptnet_builds_once_and_is_then_silent_but_for_the_program(string build)
    {
        if (build == "native")
        {
            Needs.CCompiler();
        }

        string ptnet = Path.Combine(Tree.Root, "ptnet");
        (int code, string version, string errors) = await Run(ptnet, ["--version"], build);
        Assert.True(code == 0, errors);
        Assert.StartsWith("0.", version, StringComparison.Ordinal);
        Assert.Equal((0, version, ""), await Run(ptnet, ["--version"], build));
        await DrawsPictures(ptnet, build);
    }

    // The charting library is not made for being compiled ahead.
    private static async Task DrawsPictures(string ptnet, string build)
    {
        string picture = Path.Combine(Path.GetTempPath(), $"matrix-{build}-{Environment.ProcessId}.svg");
        try
        {
            (int code, _, string errors) = await Run(
                ptnet,
                [
                    "bench", "matrix", "--shapes", "pipe", "--frames", "60", "--ways", "one", "--guests", "thread",
                    "--slots", "1024", "--seconds", "0.1", "--runs", "1", "--svg", picture,
                ],
                build);
            Assert.True(code == 0, errors);
            string svg = await File.ReadAllTextAsync(picture, TestContext.Current.CancellationToken);
            Assert.Contains($"{build} build", svg, StringComparison.Ordinal);
            Assert.Contains("threads, one way", svg, StringComparison.Ordinal);
            Assert.EndsWith("</svg>\n", svg, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(picture);
        }
    }

    [Fact]
    public async Task The_comparison_with_DPDK_says_what_it_lacks()
    {
        string script = $"PATH=/nowhere exec /bin/bash {Path.Combine(Tree.Root, "bench/v2v-peers")}";

        (int code, string output, string errors) = await Run("/bin/bash", ["-c", script], build: null);

        Assert.Equal((1, ""), (code, output));
        Assert.Matches("^v2v-peers: there is no dpdk-testpmd in PATH [^\n]*apt-get install[^\n]*\n$", errors);
    }

    // Through a link, from another directory, without a word on its input: as a person or a service starts it.
    [Fact]
    public async Task Ptnet_starts_through_a_link_and_passes_on_the_exit_code()
    {
        string link = Path.Combine(Path.GetTempPath(), $"ptnet-link-{Environment.ProcessId}");
        File.CreateSymbolicLink(link, Path.Combine(Tree.Root, "ptnet"));
        try
        {
            (int code, _, string errors) = await Run(link, ["no-such-command"], build: null, from: Path.GetTempPath());
            Assert.NotEqual(0, code);
            Assert.Contains("no-such-command", errors, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(link);
        }
    }

    // The runtime of the JIT's build aborts there.
    [Fact]
    public async Task Ptnet_says_in_one_line_that_there_are_too_few_open_files()
    {
        string script = $"ulimit -n 16; exec {Path.Combine(Tree.Root, "ptnet")} --version";

        (int code, string output, string errors) = await Run("/bin/bash", ["-c", script], build: "jit");

        Assert.Equal((1, ""), (code, output));
        Assert.Matches("^ptnet: open files are limited to 16 \\(ulimit -n\\)[^\n]*\n$", errors);
    }

    private static async Task<(int Code, string Output, string Errors)> Run(
        string program, string[] arguments, string? build, string? from = null)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            WorkingDirectory = from ?? Tree.Root,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (build is not null)
        {
            start.Environment["PTNET_BUILD"] = build;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellation);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellation);
        await process.WaitForExitAsync(cancellation);
        return (process.ExitCode, await output, await errors);
    }
}
