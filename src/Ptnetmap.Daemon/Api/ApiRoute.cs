using Microsoft.AspNetCore.Http;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>One thing that the API does.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path, parameters in braces.</param>
/// <param name="Summary">What it does, in a line.</param>
/// <param name="Done">What it answers when it is done.</param>
/// <param name="Handler">Does it.</param>
internal sealed record ApiRoute(
    string Method, string Path, string Summary, ApiResult Done, Func<HttpContext, Inventory, Task> Handler)
{
    /// <summary>What its query may have.</summary>
    internal IReadOnlyList<ApiParameter> Query { get; init; } = [];

    /// <summary>The settings that its body may have; null: it has none.</summary>
    internal ISettingTable? Body { get; init; }

    /// <summary>True when it does something else without a body.</summary>
    internal bool IsBodyOptional { get; init; }

    /// <summary>The keys that its query may have.</summary>
    internal IEnumerable<string> QueryKeys => Query.Select(parameter => parameter.Name);

    /// <summary>Refuses a query with a key that is not the route's: whoever mistypes one means something else than
    /// without it.</summary>
    /// <exception cref="RefusalException">There is such a key.</exception>
    internal void CheckQuery(IQueryCollection query) => Refusals.Require(
        query.Keys.Except(QueryKeys, StringComparer.Ordinal).Select(key => FaultList.Unknown(key, QueryKeys)));

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
