namespace Ptnetmap.Daemon.Configuration;

/// <summary>A pipe: two ports whose packets change hands without a copy.</summary>
public sealed record PipeSettings : ShapeSettings
{
    /// <summary>Its master end's name, <c>NAME{ID</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>The end <c>NAME{ID</c>.</summary>
    public EndSettings Master { get; set; } = new();

    /// <summary>The end <c>NAME}ID</c>.</summary>
    public EndSettings Slave { get; set; } = new();
}
