namespace Ptnetmap.Daemon.Configuration;

/// <summary>A pipe: two ports whose packets change hands without a copy.</summary>
public sealed record PipeSettings
{
    /// <summary>Its master end's name, <c>NAME{ID</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The trust domain that both ends are in; null: one of their own.</summary>
    public string? Domain { get; set; }

    /// <summary>Ring pairs an end.</summary>
    public int Rings { get; set; } = 1;

    /// <summary>Slots a ring.</summary>
    public int Slots { get; set; } = 1024;

    /// <summary>What the sync loops do when they run dry; null: the daemon's policy.</summary>
    public string? Policy { get; set; }

    /// <summary>The end <c>NAME{ID</c>.</summary>
    public EndSettings Master { get; set; } = new();

    /// <summary>The end <c>NAME}ID</c>.</summary>
    public EndSettings Slave { get; set; } = new();
}
