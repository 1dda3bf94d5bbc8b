using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Api;

/// <summary>Gives Kestrel listeners that wait while there is no descriptor left.</summary>
/// <param name="most">How many clients each lets in at a time.</param>
/// <param name="logs">Where they say so.</param>
internal sealed class ApiListenerFactory(int most, ILoggerFactory logs) : IConnectionListenerFactory, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly SocketConnectionContextFactory _connections =
        new(new SocketConnectionFactoryOptions(), logs.CreateLogger("ptnet.api.connections"));

    /// <inheritdoc/>
    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        var options = new SocketTransportOptions();
        Socket socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);
        try
        {
            socket.Listen(options.Backlog);
        }
        catch
        {
            socket.Dispose();
            throw;
        }

        return ValueTask.FromResult<IConnectionListener>(new ApiListener(
            endpoint, socket.AcceptAsync, _connections.Create, end => Task.Delay(Pause, end), socket.Dispose, most,
            logs.CreateLogger("ptnet.api")));
    }

    /// <inheritdoc/>
    public void Dispose() => _connections.Dispose();
}
