namespace Ptnetmap.Daemon.Transports;

/// <summary>Makes transports that let nobody in.</summary>
public sealed class NoTransportFactory : ITransportFactory
{
    /// <inheritdoc/>
    public string Kind => NoTransport.Name;

    /// <inheritdoc/>
    public IPortTransport Create(TransportContext context) => new NoTransport(context);

    /// <inheritdoc/>
    public void Dispose()
    {
        // They share nothing.
    }
}
