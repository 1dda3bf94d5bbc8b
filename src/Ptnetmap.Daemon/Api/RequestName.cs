using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Ptnetmap.Daemon.Api;

/// <summary>The name in a request's path.</summary>
internal static class RequestName
{
    // "", "v1", the collection, the name.
    private const int Segment = 3;

    /// <summary>The name as it was before it was escaped. The server leaves <c>%2F</c> as it comes, but not <c>%25</c>,
    /// so that from its path <c>a%2Fb</c> and <c>a/b</c> cannot be told: the name is taken from the request's own
    /// line.</summary>
    internal static string Of(HttpContext http)
    {
        string routed = (string)http.Request.RouteValues["name"]!;
        string target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        string[] raw = target.Split('?')[0].Split('/');
        string[] path = (http.Request.Path.Value ?? "").Split('/');

        // With dots in it, or as a whole URL, it is another path than the server's.
        return target.StartsWith('/') && raw.Length == path.Length && raw.Length > Segment
            ? Uri.UnescapeDataString(raw[Segment])
            : routed.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
    }
}
