using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Running;
using Ptnetmap.HostPorts.Supervision;

namespace Ptnetmap.Tests.Daemon;

/// <summary>How the log says that an interface came, went or changed.</summary>
public sealed class LinkLogTests
{
    [Theory]
    [InlineData(NicState.Gone, "there is no interface v1",
        "port netmap:v1: interface v1 is gone: there is no interface v1")]
    [InlineData(NicState.Up, null, "port netmap:v1: interface v1 is up")]
    [InlineData(NicState.Down, "", "port netmap:v1: interface v1 is down")]
    [InlineData(NicState.Refused, "busy", "port netmap:v1: interface v1 is refused: busy")]
    public void A_change_is_one_sentence(NicState state, string? note, string line)
    {
        using var lines = new LogLines();
        using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddProvider(lines));
        InventoryLog.LinkChanged(logs.CreateLogger("test"), "netmap:v1", "v1", state, note);
        Assert.Equal([$"Warning: {line}"], lines.Lines);
    }
}
