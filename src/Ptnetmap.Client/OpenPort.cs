namespace Ptnetmap.Client;

/// <summary>A port that was opened by name.</summary>
/// <param name="Port">The port.</param>
/// <param name="Facts">What is known of it.</param>
/// <param name="Carrier">What carries it; goes with this object.</param>
public sealed record OpenPort(NetmapPort Port, PortFacts Facts, IDisposable Carrier) : IDisposable
{
    /// <summary>Stops it.</summary>
    public void Dispose() => Carrier.Dispose();
}
