using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Daemon;

/// <summary>The API while the process has no descriptor left: a pause before each try, and two lines in all.</summary>
public class StarvedTests
{
    [Fact]
    public async Task A_listener_waits_before_it_tries_again_and_says_so_once()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var log = new LogLines();
        int tries = 0;
        int pauses = 0;
        await using ApiListener listener = Listener(
            _ => ++tries % 5 != 0
                ? throw new SocketException((int)SocketError.TooManyOpenSockets)
                : ValueTask.FromResult(socket),
            _ =>
            {
                pauses++;
                return Task.CompletedTask;
            },
            log);
        for (int round = 1; round <= 2; round++)
        {
            Assert.NotNull(await listener.AcceptAsync(TestContext.Current.CancellationToken));
            Assert.Equal((5 * round, 4 * round), (tries, pauses));
            string starved = log.With("can connect for now").Last();
            Assert.Contains("no descriptor is left; this process may have " +
                $"{ResourceLimits.Descriptors} open files; raise that (ulimit -n)", starved, StringComparison.Ordinal);
            Assert.Contains("unused: no client", starved, StringComparison.Ordinal);
            Assert.DoesNotContain("in system", starved, StringComparison.Ordinal);
            Assert.Equal((round, round),
                (log.With("can connect for now").Count(), log.With("can connect again").Count()));
        }
    }

    [Fact]
    public async Task A_client_that_went_before_it_was_let_in_makes_no_pause_and_no_line()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var log = new LogLines();
        int tries = 0;
        await using ApiListener listener = Listener(
            _ => ++tries == 1
                ? throw new SocketException((int)SocketError.ConnectionAborted)
                : ValueTask.FromResult(socket),
            _ => throw new InvalidOperationException("it waits"),
            log);
        Assert.NotNull(await listener.AcceptAsync(TestContext.Current.CancellationToken));
        Assert.Empty(log.Lines);
    }

    [Fact]
    public async Task A_listener_that_is_closed_while_it_waits_ends()
    {
        var waits = new TaskCompletionSource();
        ApiListener listener = Listener(
            _ => throw new SocketException((int)SocketError.TooManyOpenSockets),
            end =>
            {
                waits.SetResult();
                return new TaskCompletionSource().Task.WaitAsync(end);
            },
            new LogLines());
        Task<ConnectionContext?> accepted = listener.AcceptAsync(TestContext.Current.CancellationToken).AsTask();
        await waits.Task;
        await listener.DisposeAsync();
        Assert.Null(await accepted);
    }

    private static ApiListener Listener(
        Func<CancellationToken, ValueTask<Socket>> accept, Func<CancellationToken, Task> pause, LogLines log) =>
        new(new UnixDomainSocketEndPoint("unused"), accept, _ => new NoConnection(), pause, () => { }, most: 256, log);

    private sealed class NoConnection : DefaultConnectionContext
    {
    }
}
