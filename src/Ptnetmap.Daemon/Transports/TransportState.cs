namespace Ptnetmap.Daemon.Transports;

/// <summary>How far a port's guest has come.</summary>
public enum TransportState
{
    /// <summary>Nobody is let in: the link is down and no loop runs.</summary>
    Detached,

    /// <summary>A guest may come; none is there.</summary>
    Waiting,

    /// <summary>A guest uses the rings.</summary>
    Attached,

    /// <summary>The guest's VM lives, but its QEMU has given the device up, and does not come back to it.</summary>
    Lost,
}
