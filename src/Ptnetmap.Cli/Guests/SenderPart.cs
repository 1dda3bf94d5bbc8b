namespace Ptnetmap.Cli.Guests;

/// <summary>What a sender is to do.</summary>
internal sealed record SenderPart
{
    /// <summary>Its name.</summary>
    internal required string Name { get; init; }

    /// <summary>Bytes of a frame.</summary>
    internal required int Frame { get; init; }

    /// <summary>Slots between two publications, at most.</summary>
    internal required int Burst { get; init; }

    /// <summary>Number of its own address.</summary>
    internal required ushort Source { get; init; }

    /// <summary>Number of the receiver's address.</summary>
    internal required ushort Destination { get; init; }

    /// <summary>Packets a second; 0 sends as fast as it goes.</summary>
    internal long Rate { get; init; }

    /// <summary>Packets in all; 0 sends until it is stopped.</summary>
    internal long Limit { get; init; }

    /// <summary>Put the time into frames.</summary>
    internal bool Timestamps { get; init; }

    /// <summary>The CPU that it is bound to.</summary>
    internal int? Cpu { get; init; }
}
