namespace Ptnetmap.Transports.Mapping;

/// <summary>What became of a range that a client told.</summary>
public enum MapResult
{
    /// <summary>It is in the map.</summary>
    Added,

    /// <summary>It overlaps another one.</summary>
    Overlaps,

    /// <summary>There are too many (<see cref="ClientMap.MaxRanges"/>, <see cref="ClientMap.MaxFiles"/>).</summary>
    TooMany,
}
