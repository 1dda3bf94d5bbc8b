namespace Ptnetmap.HostPorts.Pcap;

/// <summary>What a pcap port reads and writes.</summary>
public sealed record PcapPortOptions
{
    /// <summary>The name for "no file".</summary>
    public const string NoFile = "-";

    /// <summary>The file whose frames arrive on the port; null: none do.</summary>
    public string? Input { get; init; }

    /// <summary>The file that sent frames are written to; null: they are counted and forgotten.</summary>
    public string? Output { get; init; }

    /// <summary>Slots a ring.</summary>
    public int Slots { get; init; } = 1024;

    /// <summary>Frames arrive at the distances at which they were captured; false: as fast as they are taken.</summary>
    public bool RecordedTimes { get; init; }

    /// <summary>How often the input is replayed; 0: for ever.</summary>
    public long Loops { get; init; } = 1;

    /// <summary>Longest part of a frame that is written, in bytes.</summary>
    public int SnapLength { get; init; } = CaptureReader.MaxFrame;
}
