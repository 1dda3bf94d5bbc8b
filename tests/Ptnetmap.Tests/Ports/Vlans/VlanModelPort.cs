using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>A port of the VLAN model: what was set, and a queue of limited length.</summary>
/// <param name="Access">The VLAN of an access port; 0: it is a trunk.</param>
/// <param name="Trunk">A trunk's VLANs.</param>
/// <param name="Native">A trunk's native VLAN; 0: none.</param>
/// <param name="Slots">Slots of a ring.</param>
/// <param name="BufferSize">Bytes of a buffer.</param>
/// <param name="HeaderLength">Bytes of virtio-net header.</param>
internal sealed record VlanModelPort(int Access, int[] Trunk, int Native, int Slots, int BufferSize, int HeaderLength)
{
    public long Sent { get; set; }

    public long Bytes { get; set; }

    public long[] Drops { get; } = new long[DropCounters.Length];

    public List<byte[]> Queue { get; } = [];

    public int UsedSlots { get; set; }

    /// <summary>Some packet had no space, and no other of the same go is taken.</summary>
    public bool IsFull { get; set; }

    public bool Has(int vlan) =>
        vlan != 0 && (vlan == Access || vlan == Native || (Access == 0 && Trunk.Contains(vlan)));

    public bool Tags(int vlan) => vlan != (Access != 0 ? Access : Native);

    /// <summary>The VLAN of a frame that this port sends; 0, with the reason, when it is dropped.</summary>
    public int VlanOf(byte[] frame, out DropReason reason)
    {
        bool isTagged = frame[12] == 0x81 && frame[13] == 0;
        int id = isTagged ? ((frame[14] & 0xF) << 8) | frame[15] : 0;
        if (id == 0)
        {
            reason = DropReason.Untagged;
            return Access != 0 ? Access : Native;
        }

        reason = Access != 0 ? DropReason.Tagged : DropReason.ForeignVlan;
        return Access == 0 && Has(id) ? id : 0;
    }

    /// <summary>A frame of <paramref name="vlan"/> as it leaves here.</summary>
    public byte[] Retag(byte[] frame, int vlan)
    {
        bool hadTag = frame[12] == 0x81 && frame[13] == 0;
        int priority = hadTag ? frame[14] & 0xF0 : 0;
        byte[] tag = Tags(vlan) ? [0x81, 0, (byte)(priority | (vlan >> 8)), (byte)vlan] : [];
        byte[] changed = [.. frame[..12], .. tag, .. frame[(hadTag ? 16 : 12)..]];
        return frame.Length >= 60 && changed.Length < 60 ? [.. changed, .. new byte[60 - changed.Length]] : changed;
    }

    /// <summary>Takes a packet.</summary>
    /// <returns>Why not.</returns>
    public DropReason? Receive(VlanPacket packet, byte[] frame, int vlan, int sendersHeader)
    {
        // What is left to be done is done for one packet at a time, each all or nothing.
        bool isAlone = sendersHeader != 0 && HeaderLength == 0 && packet.LacksChecksum(frame);
        byte[] changed = Retag(isAlone ? packet.Complete(frame) : frame, vlan);
        byte[] header = HeaderLength == 0 ? []
            : sendersHeader == 0 ? new byte[HeaderLength]
            : packet.Header(frame, moved: (Tags(vlan) ? 4 : 0) - (frame[12] == 0x81 && frame[13] == 0 ? 4 : 0));
        int needed = (HeaderLength + changed.Length + BufferSize - 1) / BufferSize;
        IsFull &= !isAlone;
        if (needed > 64 || (isAlone && needed >= Slots))
        {
            return DropReason.Oversize;
        }

        if (IsFull || UsedSlots + needed > Slots - 1)
        {
            IsFull = !isAlone;
            return DropReason.NoSpace;
        }

        UsedSlots += needed;
        Bytes += changed.Length;
        Queue.Add([.. header, .. changed]);
        return null;
    }
}
