using System.Text.Json.Serialization.Metadata;

namespace Ptnetmap.Daemon.Api;

/// <summary>What is answered to a request that was done.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Text">What that means.</param>
/// <param name="Content">The kind of the body; null: there is none.</param>
/// <param name="Type">The type of a body of JSON; null: none of ours.</param>
internal sealed record ApiResult(int Status, string Text, string? Content = null, JsonTypeInfo? Type = null);
