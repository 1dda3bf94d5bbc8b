namespace Ptnetmap.Linux.Net;

/// <summary>What rtnetlink tells of a TUN or TAP interface (<c>IFLA_TUN_*</c> of <c>linux/if_link.h</c>).</summary>
/// <param name="IsTap">It has Ethernet frames, and not packets alone.</param>
/// <param name="HasPacketInformation">Four bytes stand before each frame (no <c>IFF_NO_PI</c>).</param>
/// <param name="HasVnetHeader">A virtio-net header stands before each frame (<c>IFF_VNET_HDR</c>).</param>
/// <param name="IsPersistent">It stays when nobody uses it.</param>
/// <param name="IsMultiQueue">It can have several queues (<c>IFF_MULTI_QUEUE</c>).</param>
/// <param name="Queues">Queues that programs have now, turned off or not; told only of one with several.</param>
/// <param name="Owner">The user that may use it without being root; null: none.</param>
/// <param name="Group">The group that may; null: none.</param>
public sealed record TapState(
    bool IsTap, bool HasPacketInformation, bool HasVnetHeader, bool IsPersistent, bool IsMultiQueue, int Queues,
    uint? Owner = null, uint? Group = null)
{
    private const byte TapType = 2;

    internal static TapState Parse(ReadOnlySpan<byte> nest)
    {
        const int UserAttribute = 1;
        const int GroupAttribute = 2;
        Span<uint> values = stackalloc uint[10];
        values.Clear();
        uint? owner = null;
        uint? group = null;
        var attributes = new NetlinkAttributes(nest);
        while (attributes.MoveNext())
        {
            if (attributes.Type < values.Length)
            {
                values[attributes.Type] = attributes.Number;
            }

            owner = attributes.Type == UserAttribute ? attributes.Number : owner;
            group = attributes.Type == GroupAttribute ? attributes.Number : group;
        }

        return new TapState(
            values[3] == TapType, values[4] != 0, values[5] != 0, values[6] != 0, values[7] != 0,
            (int)(values[8] + values[9]), owner, group);
    }
}
