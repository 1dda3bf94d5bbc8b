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
    private uint _slots;

    /// <summary>Measures packets, before the ring is locked.</summary>
    /// <param name="walk">Stands before the first.</param>
    /// <param name="packets">How many.</param>
    /// <param name="shape">How they are laid into slots.</param>
    /// <param name="bufferSize">Bytes of a receive buffer.</param>
    public ShapedDemand(PacketWalk walk, int packets, TShape shape, uint bufferSize)
    {
        _walk = walk;
        _shape = shape;
        _packets = packets;
        _bufferSize = bufferSize;
        Measure(uint.MaxValue);
    }

    /// <summary>Packets that are taken; those that are oversize are left out.</summary>
    public int Taken { get; private set; }

    /// <summary>Packets that would be more than 64 of the receiver's buffers.</summary>
    public int Oversize { get; private set; }

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
        (Taken, Oversize, _slots) = (0, 0, 0);
        PacketWalk walk = _walk;
        bool full = false;
        for (int left = _packets; left != 0 && walk.MoveNext(); left--)
        {
            uint needed = _shape.SlotsFor(walk.Current, walk.Vlan, _bufferSize);
            if (needed > NetmapAbi.MaxFragments)
            {
                Oversize++;
                continue;
            }

            full |= _slots + needed > free;
            if (!full)
            {
                _slots += needed;
                Taken++;
            }
        }
    }
}
