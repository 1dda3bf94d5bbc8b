using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>As many of a number of packets as a receive ring has space for, in their order: after the first that has
/// none, no other is taken, so that a sender's packets never overtake each other.</summary>
internal ref struct ShapedDemand<TShape> : IReceiveDemand
    where TShape : struct, IPacketShape
{
    private readonly PacketWalk _walk;
    private readonly TShape _shape;
    private readonly int _packets;
    private readonly uint _bufferSize;
    private readonly uint _longest;
    private uint _slots;

    /// <summary>Measures packets, before the ring is locked.</summary>
    /// <param name="walk">Stands before the first.</param>
    /// <param name="packets">How many.</param>
    /// <param name="shape">How they are laid into slots.</param>
    /// <param name="rx">The receiver's ring.</param>
    public ShapedDemand(PacketWalk walk, int packets, TShape shape, Kring rx)
    {
        _walk = walk;
        _shape = shape;
        _packets = packets;
        _bufferSize = rx.Buffers.BufferSize;
        _longest = LongestOf(rx);
        Measure(uint.MaxValue);
    }

    /// <summary>Packets that are taken; those that are oversize are left out.</summary>
    public int Taken { get; private set; }

    /// <summary>Packets that would be more of the receiver's buffers than 64, or than its ring ever has.</summary>
    public int Oversize { get; private set; }

    /// <summary>Of these, those before the first packet that found no space.</summary>
    public int OversizeBefore { get; private set; }

    /// <summary>Slots that that packet needs.</summary>
    public uint Needed { get; private set; }

    /// <summary>Slots of the longest packet that a ring can take.</summary>
    public static uint LongestOf(Kring rx) => Math.Min(NetmapAbi.MaxFragments, rx.SlotCount - 1);

    public readonly long Missed => _packets - Taken - Oversize;

    public uint SlotsOf(uint free)
    {
        if (_slots > free)
        {
            Measure(free);
        }

        return _slots;
    }

    private void Measure(uint free)
    {
        (Taken, Oversize, OversizeBefore, _slots) = (0, 0, 0, 0);
        PacketWalk walk = _walk;
        bool full = false;
        for (int left = _packets; left != 0 && walk.MoveNext(); left--)
        {
            uint needed = _shape.SlotsFor(walk.Current, walk.Vlan, _bufferSize);
            if (needed > _longest)
            {
                Oversize++;
                OversizeBefore += full ? 0 : 1;
                continue;
            }

            if (!full && _slots + needed <= free)
            {
                _slots += needed;
                Taken++;
            }
            else if (!full)
            {
                full = true;
                Needed = needed;
            }
        }
    }
}
