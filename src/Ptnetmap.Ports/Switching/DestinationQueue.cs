namespace Ptnetmap.Ports.Switching;

/// <summary>What one port is to get of a batch: a list of runs in the order in which they were sent.</summary>
internal struct DestinationQueue
{
    /// <summary>First run.</summary>
    public int First;

    /// <summary>Last run.</summary>
    public int Last;

    /// <summary>Slots in all; 0 when the queue is empty.</summary>
    public int Slots;

    /// <summary>Packets in all.</summary>
    public int Packets;

    /// <summary>True when no packet has more than one slot.</summary>
    public readonly bool IsPlain => Slots == Packets;
}
