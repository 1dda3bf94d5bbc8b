namespace Ptnetmap.Linux.Xdp;

/// <summary>What came of waking the kernel.</summary>
public enum XdpWakeResult
{
    /// <summary>It did, or will do, what there was to do.</summary>
    Done,

    /// <summary>It did a part of it: its budget for one call is used up (32 frames where it copies), or the device or
    /// its memory is busy. To be called again.</summary>
    Again,

    /// <summary>The interface is down.</summary>
    Down,

    /// <summary>The interface is gone, and with it what the socket was bound to.</summary>
    Gone,
}
