using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>Two ports that are connected with each other.</summary>
/// <param name="Left">One port.</param>
/// <param name="Right">The other.</param>
/// <param name="Domain">Their trust domain.</param>
/// <param name="Made">Those that were made for the bridge, and go with it.</param>
public sealed record BridgeReport(string Left, string Right, string Domain, IReadOnlyList<string> Made)
{
    internal static BridgeReport Of(ServedBridge bridge) => new(
        bridge.Left.Name, bridge.Right.Name, bridge.Left.Domain.Name, [.. bridge.Made.Select(port => port.Name)]);
}
