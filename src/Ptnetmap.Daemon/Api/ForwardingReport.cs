using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Api;

/// <summary>An address that a switch remembers.</summary>
/// <param name="Address">The Ethernet address.</param>
/// <param name="Port">The port that it was seen at; its number when the port has just gone.</param>
/// <param name="Kind">learned or static.</param>
/// <param name="AgeSeconds">Seconds since it was last seen, in steps of a fifteenth of the ageing time; none when it
/// does not age.</param>
/// <param name="Vlan">The VLAN that it was seen in, on a switch that has some.</param>
public sealed record ForwardingReport(
    string Address, string Port, [property: Schema("learned", "static")] string Kind, double? AgeSeconds, int? Vlan)
{
    internal static IReadOnlyList<ForwardingReport> Of(ValeSwitch vale)
    {
        var names = vale.Members.ToDictionary(port => port.Number, port => port.Name);
        return
        [
            .. vale.Table.List()
                .Select(entry => new ForwardingReport(
                    new MacAddress(entry.Key).ToString(), names.GetValueOrDefault(entry.Port) ?? $"{entry.Port}",
                    entry.IsStatic ? "static" : "learned", entry.Age?.TotalSeconds,
                    vale.HasVlans ? ValeSwitch.VlanOf(entry) : null))
                .OrderBy(entry => entry.Address, StringComparer.Ordinal),
        ];
    }
}
