using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A <c>ptnet up</c> in a folder of its own, and the commands that speak to it.</summary>
internal sealed class RunningDaemon : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private const string ConfigName = "ptnet.toml";

    private readonly string _folder = Directory.CreateTempSubdirectory("ptnet").FullName;

    private RunningDaemon()
    {
    }

    internal string RunDirectory => Path.Combine(_folder, "run");

    internal PtnetProcess Process { get; private set; } = null!;

    internal static async Task<RunningDaemon> Start(string config = "")
    {
        var daemon = new RunningDaemon();
        await File.WriteAllTextAsync(daemon.PathOf(ConfigName), config, TestContext.Current.CancellationToken);
        await daemon.Begin();
        return daemon;
    }

    /// <summary>Another one in the same folders, when the process has ended.</summary>
    internal async Task StartAgain()
    {
        Process.Dispose();
        await Begin();
    }

    /// <summary>A file beside the run directory.</summary>
    internal string PathOf(string name) => Path.Combine(_folder, name);

    internal Task<PtnetResult> Run(params string[] arguments) =>
        PtnetProcess.Run(["--run-dir", RunDirectory, .. arguments]);

    /// <summary>A command that has to succeed.</summary>
    internal async Task<string> Ptnet(params string[] arguments)
    {
        PtnetResult result = await Run(arguments);
        Assert.True(result.Code == 0, $"ptnet {string.Join(' ', arguments)}: {result.Errors}{result.Output}");
        return result.Output;
    }

    internal async Task<JsonElement> Json(params string[] arguments) =>
        JsonDocument.Parse(await Ptnet([.. arguments, "--json"])).RootElement;

    /// <summary>Asks until a port is as it should be. Each look takes a process, which is pause enough.</summary>
    internal async Task<JsonElement> Await(string port, Func<JsonElement, bool> condition)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        JsonElement shown;
        do
        {
            shown = await Json("port", "show", port);
            Assert.False(limit.IsCancellationRequested, $"in vain: {shown}");
        }
        while (!condition(shown));
        return shown;
    }

    /// <summary>Ends it by SIGTERM.</summary>
    internal async Task<PtnetResult> Stop()
    {
        await Process.Signal("TERM");
        return await Process.Finish();
    }

    public void Dispose()
    {
        Process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task Begin()
    {
        Process = PtnetProcess.Start("up", "--config", PathOf(ConfigName), "--run-dir", RunDirectory);
        await Process.WaitForLine("ready:");
    }
}
