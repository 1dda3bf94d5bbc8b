using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>The API: HTTP and JSON on a unix socket in the run directory, which only its user may enter.</summary>
public sealed class ControlServer : IAsyncDisposable
{
    // Settings of one port; whoever sends more means no good.
    private const int LongestBody = 64 << 10;

    /// <summary>Connections at a time, each of which is a descriptor; more are closed at once.</summary>
    public const int MostConnections = 256;

    private readonly WebApplication _app;
    private readonly Inventory _inventory;
    private readonly ILogger _log;
    private readonly RateLimit _failures = new(5, TimeSpan.FromSeconds(10));

    private ControlServer(WebApplication app, Inventory inventory, ILogger log)
    {
        _app = app;
        _inventory = inventory;
        _log = log;
    }

    /// <summary>Starts to listen.</summary>
    public static async Task<ControlServer> Start(Inventory inventory, ILoggerFactory logs)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton(logs);
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.Services.AddSingleton<IConnectionListenerFactory>(new ApiListenerFactory(MostConnections, logs));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LongestBody;
            kestrel.ListenUnixSocket(inventory.Directory.ControlSocket);
        });
        WebApplication app = builder.Build();
        var server = new ControlServer(app, inventory, logs.CreateLogger("ptnet.api"));
        foreach (ApiRoute route in ApiRoutes.All)
        {
            // Kestrel leaves the body out of what HEAD gets.
            app.MapMethods(route.Path, MethodsOf(route), (RequestDelegate)(http => server.Serve(http, route)));
        }

        app.MapFallback("{*path}", (RequestDelegate)NotThere);
        await app.StartAsync();
        return server;
    }

    /// <summary>Stops to listen; requests that are under way have a second.</summary>
    public async ValueTask DisposeAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await _app.StopAsync(patience.Token);
        await _app.DisposeAsync();
    }

    private static string[] MethodsOf(ApiRoute route) =>
        HttpMethods.IsGet(route.Method) ? [route.Method, HttpMethods.Head] : [route.Method];

    private static Task NotThere(HttpContext http)
    {
        string[] methods = [.. ApiRoutes.All.Where(route => route.Matches(http.Request.Path)).SelectMany(MethodsOf)];
        if (methods.Length > 0)
        {
            string allowed = string.Join(", ", methods);
            http.Response.Headers.Allow = allowed;
            return ApiAnswer.Write(http, ApiAnswer.Make(
                "method", "method not allowed", StatusCodes.Status405MethodNotAllowed,
                $"{http.Request.Path} has no " +
                $"{http.Request.Method}; it has {allowed} (GET /openapi.json describes them)"));
        }

        return ApiAnswer.Write(http, ApiAnswer.Make(
            "not-found", "not found", StatusCodes.Status404NotFound,
            $"{http.Request.Method} {http.Request.Path} is not in the API; GET /openapi.json describes what is"));
    }

    private async Task Serve(HttpContext http, ApiRoute route)
    {
        try
        {
            route.CheckQuery(http.Request.Query);
            await route.Handler(http, _inventory);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller has gone.
        }
#pragma warning disable CA1031 // Whatever one request does wrong, the daemon goes on; it is logged.
        catch (Exception failure) when (!http.Response.HasStarted)
#pragma warning restore CA1031
        {
            await Refuse(http, route, failure);
        }
    }

    private async Task Refuse(HttpContext http, ApiRoute route, Exception failure)
    {
        Problem? problem = ApiAnswer.ProblemOf(failure);
        if (_failures.TryPass(out long passedOver))
        {
            if (problem is null)
            {
                ApiLog.Failed(_log, failure, route.Method, route.Path, passedOver);
            }
            else
            {
                ApiLog.Refused(_log, route.Method, route.Path, problem.Status, problem.Detail, passedOver);
            }
        }

        await ApiAnswer.Write(http, problem ?? ApiAnswer.Make(
            "failure", "the daemon failed", StatusCodes.Status500InternalServerError,
            $"{failure.Message} (the daemon's log has more)"));
    }
}
