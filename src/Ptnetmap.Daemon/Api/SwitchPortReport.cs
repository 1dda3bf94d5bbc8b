namespace Ptnetmap.Daemon.Api;

/// <summary>A port as its switch sees it.</summary>
/// <param name="Number">Its number on the switch.</param>
/// <param name="Name">Its name.</param>
/// <param name="FloodLimit">Packets a second that it may flood; 0: no limit.</param>
/// <param name="Vlans">Its VLANs, on a switch that has some.</param>
public sealed record SwitchPortReport(int Number, string Name, int FloodLimit, VlanReport? Vlans);
