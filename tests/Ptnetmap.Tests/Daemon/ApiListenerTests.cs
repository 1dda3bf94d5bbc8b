using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.AspNetCore.Connections;
using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Tests.Daemon;

/// <summary>The door of the API, with more clients before it than there may be.</summary>
public sealed class ApiListenerTests : IDisposable
{
    private readonly LogLines _log = new();
    private readonly Channel<Socket> _callers = Channel.CreateUnbounded<Socket>();
    private readonly List<(Socket Socket, CancellationTokenSource Gone)> _clients = [];
    private readonly List<Socket> _ends = [];

    public void Dispose()
    {
        _ends.ForEach(end => end.Dispose());
        _clients.ForEach(client =>
        {
            client.Socket.Dispose();
            client.Gone.Dispose();
        });
    }

    [Fact]
    public async Task Who_comes_beyond_the_limit_is_turned_away_and_told_once_until_there_is_room_again()
    {
        await using ApiListener listener = Listen(most: 1);

        for (int round = 1; round <= 2; round++)
        {
            Call();
            Assert.NotNull(await listener.AcceptAsync(TestContext.Current.CancellationToken));
            Socket[] outside = [Call(), Call()];
            ValueTask<ConnectionContext?> next = listener.AcceptAsync(TestContext.Current.CancellationToken);
            foreach (Socket socket in outside)
            {
                Assert.Equal(0, await socket.ReceiveAsync(new byte[1], TestContext.Current.CancellationToken));
            }

            Assert.False(next.IsCompleted);
            Assert.Equal(round, _log.With("1 clients of the API are connected, as many as there may be").Count());
            await _clients[^1].Gone.CancelAsync();
            Call();
            Assert.NotNull(await next);
            await _clients[^1].Gone.CancelAsync();
        }
    }

    private ApiListener Listen(int most) => new(
        new UnixDomainSocketEndPoint("/control.sock"), _callers.Reader.ReadAsync, Serve, _ => Task.CompletedTask,
        () => { }, most,
        _log.CreateLogger("ptnet.api"));

    private DefaultConnectionContext Serve(Socket socket)
    {
        var gone = new CancellationTokenSource();
        _clients.Add((socket, gone));
        return new DefaultConnectionContext { ConnectionClosed = gone.Token };
    }

    // Calls, and returns the caller's end.
    private Socket Call()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        using var door = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        door.Bind(new UnixDomainSocketEndPoint(path));
        door.Listen();
        var end = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        end.Connect(new UnixDomainSocketEndPoint(path));
        _ends.Add(end);
        Assert.True(_callers.Writer.TryWrite(door.Accept()));
        File.Delete(path);
        return end;
    }
}
