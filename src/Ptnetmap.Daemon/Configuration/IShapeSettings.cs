namespace Ptnetmap.Daemon.Configuration;

/// <summary>The settings of whatever makes ports.</summary>
public interface IShapeSettings
{
    /// <summary>The trust domain of the ports; null: the one of a port that is there, or one of their own.</summary>
    public string? Domain { get; set; }

    /// <summary>Ring pairs of a port.</summary>
    public int Rings { get; set; }

    /// <summary>Slots a ring.</summary>
    public int Slots { get; set; }

    /// <summary>What the loops do when they run dry; null: the daemon's policy.</summary>
    public string? Policy { get; set; }
}
