namespace Ptnetmap.HostPorts.Supervision;

/// <summary>What a port has of an interface, open. Disposing of it gives the interface back.</summary>
internal interface IHeldInterface : IDisposable
{
    /// <summary>What of the interface is still changed after the end, where, and what undoes it; null:
    /// nothing.</summary>
    public string? Left { get; }
}
