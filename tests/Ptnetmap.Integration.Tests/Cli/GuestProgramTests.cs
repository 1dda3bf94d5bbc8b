using System.CommandLine;
using System.Text.Json;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.GuestCommands;
using Ptnetmap.Lab.Measuring;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>What <c>ptnet guest</c> runs knows ports by name, and not what carries them: here the same commands run on
/// ports of this process.</summary>
public sealed class GuestProgramTests : IDisposable
{
    private const int Frames = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private readonly ThreadCarrier _carrier = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-test-");

    [Fact]
    public async Task Pkt_gen_and_bridge_run_on_ports_that_no_device_carries()
    {
        var stop = new StopRequest();
        Task<int> bridge =
            Start(GuestBridgeCommand.Create(new GuestOptions(_carrier) { Stop = () => stop }), "out0 in1", "bridge");
        Task<int> receiver = StartPktGen($"rx --verify --count {Frames} --port out1", "rx");
        Assert.Equal(ExitCode.Success, await StartPktGen($"tx --count {Frames} --port in0", "tx"));
        Assert.Equal(ExitCode.Success, await receiver);
        stop.Request();
        Assert.Equal(ExitCode.Interrupted, await bridge);
        Assert.Equal(
            [("out0 and in1", Frames), ("out1", Frames), ("in0", Frames)], ((string[])["bridge", "rx", "tx"])
                .Select(Report));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _carrier.TakeDown();
        _folder.Delete(recursive: true);
    }

    private Task<int> StartPktGen(string arguments, string report) =>
        Start(GuestPktGenCommand.Create(new GuestOptions(_carrier) { Stop = () => new StopRequest() }),
            arguments, report);

    private Task<int> Start(Command command, string arguments, string report) => Task.Factory.StartNew(
        () => command.Parse($"{arguments} --json {PathOf(report)}").Invoke(), TestContext.Current.CancellationToken,
        TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(Patience,
            TestContext.Current.CancellationToken);

    private (string Port, int Packets) Report(string name)
    {
        using JsonDocument report = JsonDocument.Parse(File.ReadAllText(PathOf(name)));
        return (report.RootElement.GetProperty("port").GetString()!,
            report.RootElement.GetProperty("packets").GetInt32());
    }

    private string PathOf(string report) => Path.Combine(_folder.FullName, $"{report}.json");
}
