using System.Text.Json;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Daemon.Api;

/// <summary>The names of drop reasons and directions in API and metrics, made once.</summary>
internal static class DropNames
{
    private static readonly string[] ByReason =
        [.. Enum.GetValues<DropReason>()
            .Select(reason => JsonNamingPolicy.SnakeCaseLower.ConvertName(reason.ToString()))];

    /// <summary>All reasons.</summary>
    internal static DropReason[] Reasons { get; } = Enum.GetValues<DropReason>();

    /// <summary>no_space and so on.</summary>
    internal static string Of(DropReason reason) => ByReason[(int)reason];

    /// <summary>tx or rx.</summary>
    internal static string Of(RingDirection direction) => direction == RingDirection.Tx ? "tx" : "rx";
}
