namespace Ptnetmap.Daemon.Configuration;

/// <summary>The settings of what makes more than one port, all of the same shape.</summary>
public abstract record ShapeSettings : IShapeSettings
{
    /// <inheritdoc/>
    public string? Domain { get; set; }

    /// <inheritdoc/>
    public int Rings { get; set; } = 1;

    /// <inheritdoc/>
    public int Slots { get; set; } = 1024;

    /// <inheritdoc/>
    public string? Policy { get; set; }
}
