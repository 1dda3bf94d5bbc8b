namespace Ptnetmap.Lab.Guests;

/// <summary>What a receiver is to do.</summary>
public sealed record ReceiverPart
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Check each frame.</summary>
    public bool Verify { get; init; }

    /// <summary>Record how old each frame is.</summary>
    public bool Latency { get; init; }

    /// <summary>The CPU that it is bound to.</summary>
    public int? Cpu { get; init; }
}
