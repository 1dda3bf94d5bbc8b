using Microsoft.AspNetCore.Http;
using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>One thing that the API does.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, parameters in braces.</param>
/// <param name="Handler">Does it.</param>
internal sealed record ApiRoute(string Method, string Path, Func<HttpContext, Inventory, Task> Handler)
{
    /// <summary>True when a request's path is one of this route's, whatever the method.</summary>
    internal bool Matches(string? path)
    {
        string[] wanted = Path.Split('/');
        string[] asked = (path ?? "").Split('/');
        return wanted.Length == asked.Length
            && wanted.Zip(asked).All(pair => (pair.First is "{name}" && pair.Second.Length > 0)
                || string.Equals(pair.First, pair.Second, StringComparison.OrdinalIgnoreCase));
    }
}
