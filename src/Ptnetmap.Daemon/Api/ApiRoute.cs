using Microsoft.AspNetCore.Http;
using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>One thing that the API does.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, parameters in braces.</param>
/// <param name="Handler">Does it.</param>
internal sealed record ApiRoute(string Method, string Path, Func<HttpContext, Inventory, Task> Handler);
