namespace Ptnetmap.Lab.Guests;

/// <summary>What a sender is to do.</summary>
public sealed record SenderPart
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes of a frame.</summary>
    public required int Frame { get; init; }

    /// <summary>Slots between two publications, at most.</summary>
    public required int Burst { get; init; }

    /// <summary>Number of its own address.</summary>
    public required ushort Source { get; init; }

    /// <summary>Number of the receiver's address.</summary>
    public required ushort Destination { get; init; }

    /// <summary>Packets a second; 0 sends as fast as it goes.</summary>
    public long Rate { get; init; }

    /// <summary>Packets in all; 0 sends until it is stopped.</summary>
    public long Limit { get; init; }

    /// <summary>Put the time into frames.</summary>
    public bool Timestamps { get; init; }

    /// <summary>The CPU that it is bound to.</summary>
    public int? Cpu { get; init; }
}
