using System.Text;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>Ports are added to a switch of a daemon and removed again while guests flood it.</summary>
public sealed class FloodedDaemonTests
{
    private const int Changes = 150;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Config = """
        [daemon]
        workers = 2
        [[domain]]
        name = "room"
        ports = 8
        slots = 64
        [[port]]
        name = "vale0:a"
        guest = { program = "send", rate = 20000 }
        [[port]]
        name = "vale0:b"
        guest = { program = "send", rate = 20000 }
        [[port]]
        name = "vale0:c"
        guest = { program = "send", rate = 20000 }
        """;

    [Fact]
    public async Task Ports_come_and_go_by_the_hundred_and_nobody_notices()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(Config);
        using HttpClient http = ControlSocket.ClientOf(Path.Combine(daemon.RunDirectory, "control.sock"));
        for (int i = 0; i < Changes; i++)
        {
            string guest = i % 2 == 0 ? "\"guest\":{\"program\":\"receive\"}" : "\"transport\":\"none\"";
            await Send(http, HttpMethod.Post, "/v1/ports",
                $$"""{"name":"vale0:x","domain":"room","slots":64,{{guest}}}""");
            await Send(http, HttpMethod.Delete, "/v1/ports/vale0:x");
        }

        string[] senders = ["vale0:a", "vale0:b", "vale0:c"];
        long[] before = await Task.WhenAll(senders.Select(port => Sent(http, port)));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Patience);
        for (int i = 0; i < senders.Length; i++)
        {
            while (await Sent(http, senders[i]) == before[i])
            {
                Assert.False(limit.IsCancellationRequested, $"{senders[i]} stands still");
            }
        }

        PtnetResult ended = await daemon.Stop();
        Assert.True(ended.Code == 0, ended.Errors);
        Assert.DoesNotContain("failed", ended.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("stands still", ended.Errors, StringComparison.Ordinal);
    }

    private static async Task<long> Sent(HttpClient http, string port)
    {
        string text = await http.GetStringAsync($"/v1/ports/{port}", TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement.GetProperty("guest").GetProperty("packets").GetInt64();
    }

    private static async Task Send(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(
            response.IsSuccessStatusCode, $"{method} {path}: " +
                $"{await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)}");
    }
}
