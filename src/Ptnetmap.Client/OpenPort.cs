namespace Ptnetmap.Client;

/// <summary>A port that was opened by name.</summary>
/// <param name="port">The port.</param>
/// <param name="facts">What is known of it.</param>
/// <param name="carrier">What carries it; goes with this object.</param>
public sealed class OpenPort(NetmapPort port, PortFacts facts, IDisposable carrier) : IDisposable
{
    /// <summary>The port.</summary>
    public NetmapPort Port { get; } = port;

    /// <summary>What is known of it.</summary>
    public PortFacts Facts { get; } = facts;

    /// <summary>Stops it.</summary>
    public void Dispose() => carrier.Dispose();
}
