namespace Ptnetmap.Client;

/// <summary>Packets of several slots: all but the last have <see cref="SlotFlags.MoreFragments"/> set.</summary>
public static class PacketFragments
{
    /// <summary>How many slots the first packet of <paramref name="rx"/> has.</summary>
    /// <returns>0 when there is none, or its end has not come yet.</returns>
    public static uint CountSlots(RxRing rx)
    {
        for (uint i = 0; i < rx.Available; i++)
        {
            if (!rx.Slot(i).Has(SlotFlags.MoreFragments))
            {
                return i + 1;
            }
        }

        return 0;
    }
}
