using System.CommandLine;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary>The options of connecting two ports, whichever command does it.</summary>
internal sealed class BridgeOptions
{
    private readonly EndOptions _end = new();
    private readonly HostOptions _host = new();

    internal Symbol[] All => [_end.Domain, _end.Rings, _end.Slots, _end.Policy, .. _host.All];

    /// <summary>What the daemon is to connect, and how.</summary>
    internal BridgeSettings Read(ParseResult parsed, string left, string right) => new()
    {
        Left = left,
        Right = right,
        Domain = parsed.GetValue(_end.Domain),
        Rings = (int)parsed.GetValue(_end.Rings),
        Slots = (int)parsed.GetValue(_end.Slots),
        Policy = parsed.GetValue(_end.Policy),
        Host = _host.Read(parsed),
    };
}
