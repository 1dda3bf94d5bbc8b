namespace Ptnetmap.Daemon.Configuration;

/// <summary>The settings of whatever makes a port of a switch: its VLANs. With none of them it is a trunk of all, whose
/// frames without a tag are of VLAN 1.</summary>
public interface IVlanSettings
{
    /// <summary>The only VLAN of an access port; null: it is none.</summary>
    public int? Vlan { get; set; }

    /// <summary>The VLANs of a trunk, as <c>10</c> or <c>100-199</c>; null: it is none, or one of all.</summary>
    public IReadOnlyList<string>? Trunk { get; set; }

    /// <summary>The VLAN of a trunk's frames without a tag; null: such frames are dropped.</summary>
    public int? Native { get; set; }
}
