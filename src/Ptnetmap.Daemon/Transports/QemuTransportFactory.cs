namespace Ptnetmap.Daemon.Transports;

/// <summary>Makes devices for QEMU. Each port's are served by a thread of their own, apart from the workers: what one
/// guest's registers cost, nobody else waits for.</summary>
public sealed class QemuTransportFactory : ITransportFactory
{
    private ClientObserver? _observer;

    /// <inheritdoc/>
    public string Kind => QemuTransport.Name;

    /// <inheritdoc/>
    public IPortTransport Create(TransportContext context)
    {
        _observer ??= new ClientObserver(context.Log);
        return new QemuTransport(context, _observer);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Each has its own.
    }
}
