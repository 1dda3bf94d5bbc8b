using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Api;

/// <summary>A switch.</summary>
/// <param name="Name">Its name.</param>
/// <param name="AgeingSeconds">Seconds for which an address is remembered.</param>
/// <param name="PatienceUs">Microseconds that packets wait at most for a receiver that has no space.</param>
/// <param name="Addresses">Addresses that it has learned.</param>
/// <param name="RefusedAddresses">Times that one was not learned, because its port had as many as it may have.</param>
/// <param name="Ports">Its ports.</param>
/// <param name="Attachments">The interfaces of the host that were put on it; only when one switch is asked for.</param>
/// <param name="Forwarding">Where it sends what is for an address that it knows; only when one switch is asked
/// for.</param>
public sealed record SwitchReport(
    string Name, int AgeingSeconds, int PatienceUs, int Addresses, long RefusedAddresses,
    IReadOnlyList<SwitchPortReport> Ports,
    IReadOnlyList<AttachmentReport>? Attachments = null, IReadOnlyList<ForwardingReport>? Forwarding = null)
{
    /// <summary>All switches, those of the configuration that have no ports yet included.</summary>
    internal static IEnumerable<SwitchReport> All(Inventory inventory)
    {
        IReadOnlyList<ValeSwitch> working = inventory.Switches;
        IEnumerable<SwitchReport> idle = inventory.Settings.Switches
            .Where(settings => working.All(vale => !string.Equals(vale.Name, settings.Name, StringComparison.Ordinal)))
            .Select(settings => new SwitchReport(
                settings.Name, settings.AgeingSeconds, settings.PatienceMicroseconds, 0, 0, []));
        return working.Select(vale => Of(vale, inventory)).Concat(idle).OrderBy(report => report.Name,
            StringComparer.Ordinal);
    }

    /// <summary>One switch in full; null when there is none of that name.</summary>
    internal static SwitchReport? Find(Inventory inventory, string name)
    {
        ValeSwitch? vale =
            inventory.Switches.FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.Ordinal));
        SwitchReport? report = vale is not null
            ? Of(vale, inventory)
            : All(inventory).FirstOrDefault(other => string.Equals(other.Name, name, StringComparison.Ordinal));
        return report is null ? null : report with
        {
            Attachments =
            [
                .. inventory.Attachments
                    .Where(attachment => string.Equals(attachment.What.Switch, name, StringComparison.Ordinal))
                    .Select(AttachmentReport.Of),
            ],
            Forwarding = vale is null ? [] : ForwardingReport.Of(vale),
        };
    }

    private static SwitchReport Of(ValeSwitch vale, Inventory inventory)
    {
        SwitchSettings settings = inventory.Settings.Switches
            .FirstOrDefault(candidate => string.Equals(candidate.Name, vale.Name, StringComparison.Ordinal))
            ?? new SwitchSettings();
        return new SwitchReport(
            vale.Name, settings.AgeingSeconds, settings.PatienceMicroseconds, vale.Table.Count, vale.Table.Refused,
            [.. vale.Members.Select(port => new SwitchPortReport(
                port.Number, port.Name, port.FloodLimit.PacketsPerSecond, VlanReport.Of(port)))
                .OrderBy(port => port.Number)]);
    }
}
