using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A VALE switch whose settings are not the usual ones. One that is not mentioned comes to be with its first
/// port.</summary>
public sealed record SwitchSettings
{
    /// <summary>Its name: <c>vale0</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Seconds for which an address is remembered.</summary>
    public int AgeingSeconds { get; set; } = 300;

    /// <summary>Packets a second that a port of a guest may flood; 0: no limit.</summary>
    public int FloodLimit { get; set; }

    /// <summary>Packets a second that an uplink (a port of the host) may flood; 0: no limit.</summary>
    public int UplinkFloodLimit { get; set; } = Ptnetmap.Ports.Switching.FloodLimit.Uplink.PacketsPerSecond;

    /// <summary>Addresses that are learned of a port of a guest; uplinks may have the whole table.</summary>
    public int AddressesPerPort { get; set; } = ForwardingTable.DefaultAddressesPerPort;

    /// <summary>Microseconds that packets wait at most for a receiver that has no space; 0: they are dropped at
    /// once.</summary>
    public int PatienceMicroseconds { get; set; } = (int)ValeSwitch.DefaultPatience.TotalMicroseconds;
}
