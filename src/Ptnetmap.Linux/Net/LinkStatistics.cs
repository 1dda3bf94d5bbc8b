using System.Runtime.InteropServices;

namespace Ptnetmap.Linux.Net;

/// <summary>An interface's counters since it was made: the head of <c>struct rtnl_link_stats64</c> (<c>linux/if_link.h</c>), in
/// its order. What is counted where is the driver's choice.</summary>
/// <param name="ReceivedPackets">Packets received.</param>
/// <param name="SentPackets">Packets sent.</param>
/// <param name="ReceivedBytes">Their bytes.</param>
/// <param name="SentBytes">Their bytes.</param>
/// <param name="ReceiveErrors">Bad packets.</param>
/// <param name="TransmitErrors">Packets that could not be sent because of a fault.</param>
/// <param name="ReceiveDropped">Packets that came and were dropped: for want of memory, or because who was to have them had no
/// room (veth: also when that is an AF_XDP socket).</param>
/// <param name="TransmitDropped">Packets that were dropped before they left (veth: the other end's queue was full).</param>
[StructLayout(LayoutKind.Sequential)]
public readonly record struct LinkStatistics(
    ulong ReceivedPackets,
    ulong SentPackets,
    ulong ReceivedBytes,
    ulong SentBytes,
    ulong ReceiveErrors,
    ulong TransmitErrors,
    ulong ReceiveDropped,
    ulong TransmitDropped)
{
    private const int StatisticsAttribute = 23;

    /// <summary>Reads what is behind the header of a message (<c>RTM_NEWLINK</c>).</summary>
    /// <returns>Null when the counters are not in it.</returns>
    internal static LinkStatistics? TryParse(ReadOnlySpan<byte> body)
    {
        var attributes = new NetlinkAttributes(body.Length < LinkInfo.FixedSize ? [] : body[LinkInfo.FixedSize..]);
        while (attributes.MoveNext())
        {
            if (attributes.Type == StatisticsAttribute && MemoryMarshal.TryRead(attributes.Value, out LinkStatistics statistics))
            {
                return statistics;
            }
        }

        return null;
    }
}
