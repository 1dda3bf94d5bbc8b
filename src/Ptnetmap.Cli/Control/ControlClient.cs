using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Control;

/// <summary>Speaks to the daemon of one run directory.</summary>
internal sealed class ControlClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _directory;

    /// <summary>Means the daemon in <paramref name="directory"/>; connects with the first request.</summary>
    internal ControlClient(string directory)
    {
        _directory = directory;
        _http = new HttpClient(new SocketsHttpHandler { ConnectCallback = Connect })
        {
            BaseAddress = new Uri("http://ptnet"),
        };
    }

    /// <summary>Asks.</summary>
    /// <returns>The answer, and its text.</returns>
    internal (T Value, string Text) Get<T>(string path, JsonTypeInfo<T> type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        return Read(Send(request), type);
    }

    /// <summary>Asks for something to be done, with settings.</summary>
    internal (T Value, string Text) Post<TBody, T>(string path, TBody body, JsonTypeInfo<TBody> bodyType,
        JsonTypeInfo<T> type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, bodyType));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return Read(Send(request), type);
    }

    internal (T Value, string Text) Post<T>(string path, JsonTypeInfo<T> type)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        return Read(Send(request), type);
    }

    internal void Delete(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, path);
        _ = Send(request);
    }

    public void Dispose() => _http.Dispose();

    private static (T Value, string Text) Read<T>(string text, JsonTypeInfo<T> type) =>
        (JsonSerializer.Deserialize(text, type) ?? throw new ControlException("the daemon answered null"), text);

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken cancel) =>
        new NetworkStream(await DaemonDoor.Connect(_directory, cancel), ownsSocket: true);

    private string Send(HttpRequestMessage request)
    {
        try
        {
            using HttpResponseMessage response = _http.SendAsync(request).GetAwaiter().GetResult();
            string text = response.Content.ReadAsStringAsync().GetAwaiter().GetResult();
            return response.IsSuccessStatusCode ? text : throw Refused(response.StatusCode, text);
        }
        catch (HttpRequestException failure)
        {
            throw new ControlException(
                failure.InnerException is RunDirectoryException nobody ? nobody.Message
                    : $"the daemon of {_directory} was there, and closed the connection before it had answered: it " +
                        "has ended, or has as many connections as " +
                        $"it takes ({ControlServer.MostConnections}); its log says which " +
                        $"({failure.InnerException?.Message ?? failure.Message})",
                failure);
        }
        catch (OperationCanceledException late)
        {
            throw new ControlException(
                $"the daemon of {_directory} has not answered for " +
                $"{_http.Timeout.TotalSeconds:0} s; is it stopped, or the machine very busy?", late);
        }
    }

    // What the daemon finds wrong with settings or names was wrong on the command line.
    private static Exception Refused(HttpStatusCode status, string text)
    {
        try
        {
            Problem? problem = JsonSerializer.Deserialize(text, ApiJson.Default.Problem);
            string detail = problem?.Detail ?? $"the daemon answered {status}";
            bool isOurs =
                status == HttpStatusCode.BadRequest && problem?.Type.Split(':')[^1] is "settings" or "name" or "json";
            return isOurs ? new UsageException(detail) : new ControlException(detail);
        }
        catch (JsonException)
        {
            // The HTTP server's own refusals have no body.
            return new ControlException(
                $"the daemon answered {(int)status} ({status}){(text.Length == 0 ? "" : $": {Printable.Name(text)}")}");
        }
    }
}
