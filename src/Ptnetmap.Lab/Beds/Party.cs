using Ptnetmap.Lab.Guests;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Lab.Beds;

/// <summary>A guest with its port: what it did, by its own counters and by those of the port's rings. All may be read
/// while it runs, and allocate nothing.</summary>
public sealed class Party(IBenchGuest guest, Port port, PartyRole role)
{
    private readonly Kring[] _rings = [.. role == PartyRole.Sender ? port.TxRings : port.RxRings];

    /// <summary>Its name.</summary>
    public string Name => guest.Name;

    /// <summary>What it does.</summary>
    public PartyRole Role => role;

    /// <summary>A sender's frames that the host took out of its rings; a receiver's that it has read
    /// itself.</summary>
    public long Packets => role == PartyRole.Sender ? Moved : guest.Counters.Packets;

    /// <summary>A sender's drops, for whatever reason; what a receiver's full ring had no space for.</summary>
    public long Dropped
    {
        get
        {
            long sum = 0;
            foreach (Kring ring in _rings)
            {
                sum += role == PartyRole.Sender ? ring.Counters.Drops.Total : ring.Counters.Missed;
            }

            return sum;
        }
    }

    /// <summary>Frames in a receiver's ring that it has not read.</summary>
    public long Unread => role == PartyRole.Sender ? 0 : Moved - guest.Counters.Packets;

    private long Moved
    {
        get
        {
            long sum = 0;
            foreach (Kring ring in _rings)
            {
                sum += ring.Counters.Packets;
            }

            return sum;
        }
    }
}
