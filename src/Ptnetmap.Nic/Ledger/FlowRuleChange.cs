using System.Globalization;
using Ptnetmap.Linux.Net;
using Ptnetmap.Nic.Xdp;

namespace Ptnetmap.Nic.Ledger;

/// <summary>A rule in a NIC that brings a filter's frames to a queue.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
/// <param name="Location">Where the rule is in the NIC's table.</param>
/// <param name="Queue">Where it brings the frames.</param>
/// <param name="Filter">Which frames.</param>
internal sealed record FlowRuleChange(string Interface, string? Namespace, uint Location, int Queue, string Filter)
    : NicChange(Interface, Namespace)
{
    internal const string Kind = "rule";

    private protected override (string Kind, string Details) Words =>
        (Kind, string.Create(CultureInfo.InvariantCulture, $"{Location} {Queue} {Filter}"));

    private protected override bool TryUndo(EthtoolDevice device) =>
        FlowSteering.RulesOf(NicFilter.Parse(Filter), Queue).Any(rule => device.HasRule(Location, rule)) && device.TryDeleteRule(Location);
}
