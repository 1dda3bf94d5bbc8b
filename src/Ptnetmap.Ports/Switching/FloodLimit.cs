namespace Ptnetmap.Ports.Switching;

/// <summary>How much of what a port sends may go to every port: broadcast, multicast, and addresses that are not
/// known.</summary>
/// <param name="PacketsPerSecond">Packets a second in the long run; 0: no limit.</param>
/// <param name="Burst">Packets at once after a silence.</param>
public readonly record struct FloodLimit(int PacketsPerSecond, int Burst)
{
    /// <summary>No limit: what ports of guests have unless told otherwise. A guest's floods cost its own worker's time,
    /// and receivers only what they have room for.</summary>
    public static FloodLimit None => default;

    /// <summary>What uplinks have unless told otherwise: a loop in the network outside comes in here, and would
    /// otherwise go round at the speed of the machine. Address resolution of a thousand hosts needs a fraction of
    /// it.</summary>
    public static FloodLimit Uplink => new(10_000, 4_096);
}
