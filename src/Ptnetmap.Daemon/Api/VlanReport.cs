using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Api;

/// <summary>The VLANs of a switch's port.</summary>
/// <param name="Vlan">The only one of an access port; none for a trunk.</param>
/// <param name="Trunk">Those of a trunk, as 10 or 100-199; none for an access port.</param>
/// <param name="Native">The one of a trunk's frames without a tag; none when it has no such frames.</param>
public sealed record VlanReport(int? Vlan, IReadOnlyList<string>? Trunk, int? Native)
{
    /// <summary>One of a port; null when it is none of a switch that has VLANs.</summary>
    internal static VlanReport? Of(Ports.Port port) =>
        port is not ValePort { Switch.HasVlans: true, Vlans: var vlans } ? null
            : vlans.IsTrunk ? new VlanReport(null, [.. vlans.Tagged.Select(range => $"{range}")],
                vlans.Untagged == 0 ? null : vlans.Untagged)
            : new VlanReport(vlans.Untagged, null, null);
}
