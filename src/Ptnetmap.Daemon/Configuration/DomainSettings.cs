namespace Ptnetmap.Daemon.Configuration;

/// <summary>A trust domain: one region, whose members trust each other. What is left out follows from the ports that
/// the configuration puts into it.</summary>
public sealed record DomainSettings
{
    /// <summary>Ports that one has room for when nothing is said, on the command line.</summary>
    public const int CommandPorts = 2;

    /// <summary>Its name.</summary>
    public string Name { get; set; } = "";

    /// <summary>Ports that it has room for at the same time; a pipe counts as two.</summary>
    public int? Ports { get; set; }

    /// <summary>The most ring pairs of one of its ports.</summary>
    public int? Rings { get; set; }

    /// <summary>The most slots of one of its rings.</summary>
    public int? Slots { get; set; }

    /// <summary>Buffers beyond those of the rings.</summary>
    public int ExtraBuffers { get; set; }

    /// <summary>Bytes of a buffer; null: 2112.</summary>
    public int? BufferSize { get; set; }

    /// <summary>Its region's id, which VMs see; null: the lowest that is free.</summary>
    public int? RegionId { get; set; }

    /// <summary>Pages to ask for: auto, off or required.</summary>
    public string HugePages { get; set; } = "auto";
}
