using System.Net.Sockets;

namespace Ptnetmap.TestSupport;

/// <summary>Speaks to a daemon's API.</summary>
internal static class ControlSocket
{
    /// <summary>A client of the API at a unix socket.</summary>
    internal static HttpClient ClientOf(string socket) => new(new SocketsHttpHandler
    {
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    {
        BaseAddress = new Uri("http://ptnet"),
    };
}
