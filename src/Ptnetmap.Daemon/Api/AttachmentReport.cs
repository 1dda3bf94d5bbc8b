using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>An interface of the host that was put on a switch.</summary>
/// <param name="Switch">The switch.</param>
/// <param name="Port">The interface's port, by which it is taken off again.</param>
/// <param name="Bridges">What was made for that: the interface's bridge, and its stack's when that was asked
/// for.</param>
public sealed record AttachmentReport(string Switch, string Port, IReadOnlyList<BridgeReport> Bridges)
{
    internal static AttachmentReport Of(ServedAttachment attachment) =>
        new(attachment.What.Switch, attachment.What.Port, [.. attachment.Bridges.Select(BridgeReport.Of)]);
}
