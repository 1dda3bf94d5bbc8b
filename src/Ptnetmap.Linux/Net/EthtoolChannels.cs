namespace Ptnetmap.Linux.Net;

/// <summary>The queues of an interface (<c>ethtool -l</c>). A combined one has both directions.</summary>
/// <param name="MaxReceive">Most that only receive.</param>
/// <param name="MaxTransmit">Most that only send.</param>
/// <param name="MaxCombined">Most that do both.</param>
/// <param name="Receive">Those that only receive.</param>
/// <param name="Transmit">Those that only send.</param>
/// <param name="Combined">Those that do both.</param>
public readonly record struct EthtoolChannels(
    int MaxReceive, int MaxTransmit, int MaxCombined, int Receive, int Transmit, int Combined)
{
    /// <summary>Queues that have both directions, for AF_XDP sockets: the combined ones, and as many as there are of
    /// both other kinds.</summary>
    public int Pairs => Combined + Math.Min(Receive, Transmit);
}
