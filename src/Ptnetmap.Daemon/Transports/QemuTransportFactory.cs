using Ptnetmap.Daemon.Observing;
using Ptnetmap.Qemu.Serving;

namespace Ptnetmap.Daemon.Transports;

/// <summary>Makes devices for QEMU. All are served by one thread, apart from the workers, which comes with the first one.</summary>
public sealed class QemuTransportFactory : ITransportFactory
{
    private ClientObserver? _observer;
    private DeviceServer? _server;

    /// <inheritdoc/>
    public string Kind => QemuTransport.Name;

    /// <inheritdoc/>
    public IPortTransport Create(TransportContext context)
    {
        _observer ??= new ClientObserver(context.Log);
        _server ??= new DeviceServer(context.RunDirectory.Path, _observer);
        return new QemuTransport(context, _server, _observer);
    }

    /// <inheritdoc/>
    public void Dispose() => _server?.Dispose();
}
