using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Running;

/// <summary>No Ethernet address twice where frames find their way by it: a switch would send one guest's frames to the
/// other.</summary>
internal static class AddressRules
{
    /// <summary>Refuses a port whose address another port of its switch has.</summary>
    /// <exception cref="RefusalException">Another one has it.</exception>
    internal static void Refuse(PortSettings settings, IEnumerable<ServedPort> ports)
    {
        string vale = PortName.Parse(settings.Name).Switch;
        MacAddress mac = MacOf(settings.Mac, settings.Name);
        ServedPort? other = vale.Length == 0 ? null : ports.FirstOrDefault(
            port => port.Mac == mac && string.Equals(PortName.Parse(port.Name).Switch, vale, StringComparison.Ordinal));
        if (other is not null)
        {
            throw Taken(settings.Name, mac, other.Name);
        }
    }

    /// <summary>Refuses a pipe whose ends have one address.</summary>
    /// <exception cref="RefusalException">They have.</exception>
    internal static void Refuse(PipeSettings settings)
    {
        if (MacAddress.TryParse(settings.Master.Mac, out MacAddress mac)
            && MacAddress.TryParse(settings.Slave.Mac, out MacAddress slave)
            && mac == slave)
        {
            throw Taken($"slave of pipe {settings.Name}", mac, "its master");
        }
    }

    /// <summary>The address of a port's guest: the one that is set, or one that is derived from the name.</summary>
    internal static MacAddress MacOf(string? set, string name) =>
        MacAddress.TryParse(set, out MacAddress mac) ? mac : PortAddress.For(name);

    private static RefusalException Taken(string name, MacAddress mac, string other) => new(
        RefusalKind.Conflict, $"{name}: Ethernet address " +
            $"{mac} is taken already, by {other}; choose another (mac, option --mac)");
}
