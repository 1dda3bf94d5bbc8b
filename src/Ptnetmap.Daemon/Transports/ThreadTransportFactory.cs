namespace Ptnetmap.Daemon.Transports;

/// <summary>Makes guests that are threads of the daemon.</summary>
public sealed class ThreadTransportFactory : ITransportFactory
{
    /// <inheritdoc/>
    public string Kind => ThreadTransport.Name;

    /// <inheritdoc/>
    public IPortTransport Create(TransportContext context) => new ThreadTransport(context);

    /// <inheritdoc/>
    public void Dispose()
    {
        // They share nothing.
    }
}
