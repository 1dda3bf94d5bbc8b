namespace Ptnetmap.Daemon.Transports;

/// <summary>Makes transports of one kind, and holds what they share.</summary>
public interface ITransportFactory : IDisposable
{
    /// <summary>The kind, as in the settings.</summary>
    public string Kind { get; }

    /// <summary>Makes the transport of a port, detached.</summary>
    public IPortTransport Create(TransportContext context);
}
