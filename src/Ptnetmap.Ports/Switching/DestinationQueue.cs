namespace Ptnetmap.Ports.Switching;

/// <summary>What one port is to get of a batch: a list of runs in the order in which they were sent.</summary>
internal struct DestinationQueue
{
    public int First;

    public int Last;

    /// <summary>Slots in all; 0 when the queue is empty.</summary>
    public int Slots;

    public int Packets;

    /// <summary>True when no packet has more than one slot.</summary>
    public readonly bool IsPlain => Slots == Packets;
}
