using System.Diagnostics;
using System.Text.Json;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>A running <c>ptnet</c>, the one that was built with the tests.</summary>
internal sealed class PtnetProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(300);

    private readonly Process _process;
    private readonly CancellationTokenSource _limit =
        CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private PtnetProcess(Process process)
    {
        _process = process;
        _limit.CancelAfter(Patience);
    }

    internal int Id => _process.Id;

    private static string Program => Path.Combine(AppContext.BaseDirectory, "ptnet");

    internal static PtnetProcess Start(params string[] arguments) => Begin(Program, arguments);

    /// <summary>Starts it from a shell that does something first: sets a limit, closes a descriptor.</summary>
    internal static PtnetProcess StartInShell(string first, params string[] arguments) =>
        Begin("/bin/sh", ["-c", $"{first}; exec \"$0\" \"$@\"", Program, .. arguments]);

    private static PtnetProcess Begin(string program, string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        Process process = Process.Start(start)!;
        process.StandardInput.Close();
        return new PtnetProcess(process);
    }

    /// <summary>Runs it to its end.</summary>
    internal static async Task<PtnetResult> Run(params string[] arguments)
    {
        using PtnetProcess process = Start(arguments);
        return await process.Finish();
    }

    /// <summary>Runs a command that prints JSON and succeeds.</summary>
    internal static async Task<JsonElement> RunForJson(params string[] arguments)
    {
        PtnetResult result = await Run([.. arguments, "--json", "-"]);
        Assert.True(result.Code == 0,
            $"ptnet {string.Join(' ', arguments)} ended with {result.Code}: {result.Errors}{result.Output}");
        return JsonDocument.Parse(result.Output).RootElement;
    }

    /// <summary>Waits for a line of output that contains this.</summary>
    /// <returns>The line.</returns>
    internal async Task<string> WaitForLine(string part)
    {
        string? line;
        do
        {
            line = await _process.StandardOutput.ReadLineAsync(_limit.Token);
        }
        while (line is not null && !line.Contains(part, StringComparison.Ordinal));
        Assert.NotNull(line);
        return line;
    }

    /// <summary>Sends a signal, by the process's id.</summary>
    internal async Task Signal(string name)
    {
        using Process kill = Process.Start("/bin/sh", ["-c", $"kill -{name} {Id}"]);
        await kill.WaitForExitAsync(_limit.Token);
        Assert.Equal(0, kill.ExitCode);
    }

    /// <summary>Sends a signal twice, as <c>timeout</c> does: to the process, and to its group.</summary>
    internal Task SignalTwice(string name) => Signal($"{name} {Id}; kill -{name}");

    /// <summary>Waits for the end.</summary>
    internal async Task<PtnetResult> Finish()
    {
        Task<string> output = _process.StandardOutput.ReadToEndAsync(_limit.Token);
        Task<string> errors = _process.StandardError.ReadToEndAsync(_limit.Token);
        string[] texts = await Task.WhenAll(output, errors);
        await _process.WaitForExitAsync(_limit.Token);
        return new PtnetResult(_process.ExitCode, texts[0], texts[1]);
    }

    /// <summary>A shell starts background jobs with SIGINT and SIGQUIT ignored, and children inherit that.</summary>
    internal static void SkipWhereInterruptsAreIgnored()
    {
        string line =
            File.ReadLines("/proc/self/status").First(text => text.StartsWith("SigIgn:", StringComparison.Ordinal));
        ulong ignored = Convert.ToUInt64(line["SigIgn:".Length..].Trim(), 16);
        if ((ignored & 0x6) != 0)
        {
            Assert.Skip("SIGINT is ignored here (a background job of a shell), and so in every child");
        }
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        _limit.Dispose();
    }
}
