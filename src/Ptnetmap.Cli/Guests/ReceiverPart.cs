namespace Ptnetmap.Cli.Guests;

/// <summary>What a receiver is to do.</summary>
internal sealed record ReceiverPart
{
    /// <summary>Its name.</summary>
    internal required string Name { get; init; }

    /// <summary>Check each frame.</summary>
    internal bool Verify { get; init; }

    /// <summary>Record how old each frame is.</summary>
    internal bool Latency { get; init; }

    /// <summary>The CPU that it is bound to.</summary>
    internal int? Cpu { get; init; }
}
