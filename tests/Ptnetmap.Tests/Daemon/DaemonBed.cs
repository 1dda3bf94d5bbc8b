using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Service;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A daemon in this process, and a client that speaks to its socket.</summary>
internal sealed class DaemonBed : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly ILoggerFactory _logs;

    private DaemonBed() => _logs = LoggerFactory.Create(logging => logging.AddProvider(Log));

    internal LogLines Log { get; } = new();

    internal DaemonHost Host { get; private set; } = null!;

    internal HttpClient Http { get; private set; } = null!;

    internal Inventory Inventory => Host.Inventory;

    internal string RunDirectory => _folder["run"];

    internal static async Task<DaemonBed> Start(DaemonSettings? settings = null)
    {
        var bed = new DaemonBed();
        try
        {
            bed.Host = await DaemonHost.Start(
                settings ?? new DaemonSettings(), bed.RunDirectory, DaemonHost.CreateTransports(), bed._logs);
        }
        catch
        {
            bed._folder.Dispose();
            throw;
        }

        bed.Http = ControlSocket.ClientOf(Path.Combine(bed.RunDirectory, "control.sock"));
        return bed;
    }

    internal async Task<JsonElement> Get(string path)
    {
        string text = await Http.GetStringAsync(path, TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }

    internal async Task<(int Status, JsonElement Body)> Send(HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if ((int)response.StatusCode >= 400)
        {
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        }

        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    internal Task<(int Status, JsonElement Body)> Post(string path, string? body = null) =>
        Send(HttpMethod.Post, path, body);

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Host.DisposeAsync();
        _logs.Dispose();
        _folder.Dispose();
    }
}
