namespace Ptnetmap.Daemon.Running;

/// <summary>An attachment on its way into the inventory: all of its bridges are prepared.</summary>
/// <param name="What">Which interface, and where.</param>
/// <param name="Bridges">The bridges, in the order in which they are made.</param>
internal sealed record AttachmentPreparation(SwitchAttachment What, IReadOnlyList<BridgePreparation> Bridges)
    : IDisposable
{
    public void Dispose()
    {
        foreach (BridgePreparation bridge in Bridges.Reverse())
        {
            bridge.Dispose();
        }
    }
}
