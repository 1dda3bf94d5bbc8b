namespace Ptnetmap.Ports.Rings;

/// <summary>How a pass over a transmit ring ended.</summary>
public enum SyncStatus
{
    /// <summary>Everything that the user handed over is gone.</summary>
    Dry,

    /// <summary>The budget is used up and there is more.</summary>
    More,

    /// <summary>The receiver has no space and the port does not drop.</summary>
    Blocked,
}
