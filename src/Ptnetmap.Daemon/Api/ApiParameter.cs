using System.Text.Json.Nodes;

namespace Ptnetmap.Daemon.Api;

/// <summary>What a query may have.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Help">What it is.</param>
/// <param name="Schema">Its schema.</param>
/// <param name="IsRequired">It has to be there.</param>
internal sealed record ApiParameter(string Name, string Help, JsonObject Schema, bool IsRequired = false);
