using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Api;

/// <summary>Lets clients of the API in. Kestrel's own listener tries again at once when the kernel refuses, and so
/// takes a processor while the process has no descriptor left (<c>ulimit -n</c>); this one waits a while and says so
/// once. It also turns away more clients than there may be at a time, for which Kestrel has a line in the log
/// each.</summary>
/// <param name="endpoint">Where it listens.</param>
/// <param name="accept">Takes the next connection.</param>
/// <param name="make">Makes of it what Kestrel serves.</param>
/// <param name="pause">Waits until it is tried again.</param>
/// <param name="close">Ends to listen.</param>
/// <param name="most">How many clients there may be at a time.</param>
/// <param name="log">Where to say it.</param>
internal sealed class ApiListener(
    EndPoint endpoint,
    Func<CancellationToken, ValueTask<Socket>> accept,
    Func<Socket, ConnectionContext> make,
    Func<CancellationToken, Task> pause,
    Action close,
    int most,
    ILogger log) : IConnectionListener
{
    private readonly CancellationTokenSource _closed = new();
    private bool _starved;
    private bool _full;
    private int _clients;

    /// <inheritdoc/>
    public EndPoint EndPoint => endpoint;

    /// <inheritdoc/>
    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _closed.Token);
        while (true)
        {
            try
            {
                Socket socket = await accept(either.Token);
                if (_starved)
                {
                    _starved = false;
                    ApiLog.Fed(log);
                }

                if (LetIn(socket) is { } client)
                {
                    return client;
                }
            }
            catch (Exception end) when (_closed.IsCancellationRequested
                && end is ObjectDisposedException or OperationCanceledException or SocketException)
            {
                return null;
            }
            catch (SocketException refusal)
            {
                await WaitFor(refusal, either.Token);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
    {
        await _closed.CancelAsync();
        close();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await UnbindAsync();
        _closed.Dispose();
    }

    // Null: it was turned away.
    private ConnectionContext? LetIn(Socket socket)
    {
        if (Volatile.Read(ref _clients) >= most)
        {
            socket.Dispose();
            if (!_full)
            {
                _full = true;
                ApiLog.Full(log, $"{endpoint}", most);
            }

            return null;
        }

        _full = false;
        ConnectionContext client = make(socket);
        _ = Interlocked.Increment(ref _clients);
        _ = client.ConnectionClosed.Register(() => Interlocked.Decrement(ref _clients));
        return client;
    }

    // The framework takes a limit of the process for one of the machine: "Too many open files in system".
    private static string ReasonOf(SocketException refusal) => refusal.SocketErrorCode == SocketError.TooManyOpenSockets
        ? $"no descriptor is left; {ResourceLimits.DescribeDescriptors()}"
        : refusal.Message;

    private async Task WaitFor(SocketException refusal, CancellationToken end)
    {
        // A client that went before it was let in is none of our troubles.
        if (refusal.SocketErrorCode == SocketError.ConnectionAborted)
        {
            return;
        }

        if (!_starved)
        {
            _starved = true;
            ApiLog.Starved(log, $"{endpoint}", ReasonOf(refusal));
        }

        try
        {
            await pause(end);
        }
        catch (OperationCanceledException)
        {
            // It ends; the next look at the door says so.
        }
    }
}
