namespace Ptnetmap.Memory;

/// <summary>Rings and slots of a port.</summary>
public sealed record PortShape
{
    /// <summary>Transmit rings.</summary>
    public int TxRings { get; init; } = 1;

    /// <summary>Receive rings.</summary>
    public int RxRings { get; init; } = 1;

    /// <summary>Slots of each transmit ring.</summary>
    public int TxSlots { get; init; } = 1024;

    /// <summary>Slots of each receive ring.</summary>
    public int RxSlots { get; init; } = 1024;

    /// <summary>Buffers beyond those of the rings.</summary>
    public int ExtraBuffers { get; init; }

    /// <summary>All rings.</summary>
    public int Rings => TxRings + RxRings;

    /// <summary>A port with the same rings and slots both ways.</summary>
    public static PortShape Symmetric(int ringPairs, int slots) =>
        new() { TxRings = ringPairs, RxRings = ringPairs, TxSlots = slots, RxSlots = slots };
}
