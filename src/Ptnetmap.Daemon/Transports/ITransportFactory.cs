namespace Ptnetmap.Daemon.Transports;

/// <summary>Makes transports of one kind.</summary>
public interface ITransportFactory
{
    /// <summary>The kind, as in the settings.</summary>
    public string Kind { get; }

    /// <summary>Makes the transport of a port, detached.</summary>
    public IPortTransport Create(TransportContext context);
}
