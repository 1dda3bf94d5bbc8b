using System.Globalization;
using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Ledger;

/// <summary>A rule in a NIC that brings a filter's frames to a queue.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
/// <param name="Identity">What it is known by; null: by its name.</param>
/// <param name="Location">Where the rule is in the NIC's table.</param>
/// <param name="Queue">Where it brings the frames.</param>
/// <param name="Filter">Which frames.</param>
internal sealed record FlowRuleChange(string Interface, string? Namespace, InterfaceIdentity? Identity, uint Location,
    int Queue, string Filter)
    : NicChange(Interface, Namespace)
{
    internal const string Kind = "rule";

    private protected override (string Kind, string Details) Words => (Kind, string.Create(
        CultureInfo.InvariantCulture, $"{Location} {Queue} {Filter}{(Identity is null ? "" : $" {Identity}")}"));

    /// <summary>Reads what follows the place.</summary>
    internal static FlowRuleChange? Parse(string name, string? space, ReadOnlySpan<string> words) =>
        words is [var location, var queue, var filter, .. var identity]
            && uint.TryParse(location, CultureInfo.InvariantCulture, out uint place)
            && int.TryParse(queue, CultureInfo.InvariantCulture, out int number)
            ? new FlowRuleChange(name, space, InterfaceIdentity.Parse(identity), place, number, filter)
            : null;

    private protected override bool IsHere(LinkInfo link) =>
        Identity?.IsHere(link, Interface) ?? string.Equals(link.Name, Interface, StringComparison.Ordinal);

    private protected override bool IsAnywhere(LinkInfo link) => Identity?.IsAnywhere(link) is true;

    private protected override bool TryUndo(LinkInfo link, EthtoolDevice device) =>
        FlowSteering.RulesOf(NicFilter.Parse(Filter), Queue).Any(rule => device.HasRule(Location, rule))
            && device.TryDeleteRule(Location);
}
