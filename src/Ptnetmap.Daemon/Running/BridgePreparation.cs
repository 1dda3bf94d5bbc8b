using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>A bridge on its way into the inventory: its region and the ports that are made for it are at
/// hand.</summary>
/// <param name="Settings">Its settings.</param>
/// <param name="Room">Where both ports lie.</param>
/// <param name="Left">The left port; null when it was there.</param>
/// <param name="Right">The right port; null when it was there.</param>
internal sealed record BridgePreparation(
    BridgeSettings Settings, PreparedDomain Room, PortPreparation? Left, PortPreparation? Right) : IDisposable
{
    public void Dispose()
    {
        Right?.Dispose();
        Left?.Dispose();
        Room.Dispose();
    }
}
