namespace Ptnetmap.HostPorts.Supervision;

/// <summary>Whether a NIC port has its interface.</summary>
public enum NicState
{
    /// <summary>Frames can go both ways.</summary>
    Up,

    /// <summary>The interface is there and set down.</summary>
    Down,

    /// <summary>The interface is gone; when one of its name comes, the port has it again.</summary>
    Gone,

    /// <summary>The interface is there, and its queues cannot be had; see <see cref="HostLink.Note"/>.</summary>
    Refused,
}
