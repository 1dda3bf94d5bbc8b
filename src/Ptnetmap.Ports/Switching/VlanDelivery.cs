using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary><see cref="Delivery"/> on a switch that has VLANs: a receiver's frames have the tag that its port's
/// settings say. Where that is what they came with, they are copied as they are.</summary>
internal static class VlanDelivery
{
    /// <summary>Delivers a queue of <paramref name="batch"/>.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="rx">The receiver's ring.</param>
    /// <param name="queue">The queue; on return what waits for space.</param>
    /// <param name="headerLength">Bytes of virtio-net header before each frame in the receiver's ring.</param>
    /// <param name="vlans">The receiver's VLANs.</param>
    /// <returns>True when the receiver is to be notified: it was shown something new, or is full.</returns>
    public static bool Deliver(SlotBatch batch, Kring rx, ref DestinationQueue queue, uint headerLength,
        PortVlans vlans)
    {
        var shape = new VlanShape(batch.HeaderLength, headerLength, vlans);
        if (headerLength == 0 && batch.HeaderLength != 0)
        {
            return OffloadDelivery.Deliver(batch, rx, ref queue, shape, vlans);
        }

        return headerLength == batch.HeaderLength && Delivery.IsPlain(batch, rx, in queue)
            && IsAsItCame(batch, in queue, vlans)
            ? Delivery.DeliverPlain(batch, rx, ref queue, new TagSeal(headerLength))
            : ShapedDelivery.Deliver(batch, rx, ref queue, shape);
    }

    private static bool IsAsItCame(SlotBatch batch, in DestinationQueue queue, PortVlans vlans)
    {
        for (int index = queue.First; index >= 0; index = batch.RunAt(index).Next)
        {
            FrameVlan vlan = batch.RunAt(index).Vlan;
            if (vlan.HasTag != vlans.IsTagged(vlan.Id))
            {
                return false;
            }
        }

        return true;
    }
}
