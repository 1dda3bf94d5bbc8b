namespace Ptnetmap.Ports.Switching;

/// <summary>What one port is to get of a batch: a list of runs in the order in which they were sent.</summary>
internal struct DestinationQueue
{
    public int First;

    public int Last;

    /// <summary>Slots of the first run that are dealt with.</summary>
    public int Done;

    /// <summary>What waits for space: slots that its first packet needs.</summary>
    public uint Needed;

    /// <summary>Slots in all; 0 when the queue is empty.</summary>
    public int Slots;

    public int Packets;

    /// <summary>True when no packet has more than one slot.</summary>
    public readonly bool IsPlain => Slots == Packets;
}
