using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Ports.Switching;

namespace Ptnetmap.Tests.Ports.Vlans;

/// <summary>A user of a port's receive ring who is asked for space between the sender's look at a frame and its copy:
/// the moment at which a sender can change what was looked at.</summary>
internal sealed class MeddlingClient : RingClient, IDisposable
{
    private readonly Kring _rx;
    private readonly Action _meddle;
    private uint _tail;

    public MeddlingClient(BedPort port, Action meddle)
    {
        _rx = port.Port.RxRings[0];
        _meddle = meddle;
        _rx.SetClient(this);
    }

    /// <summary>The only frame that has come.</summary>
    public byte[] Take()
    {
        Assert.Equal(1u, _tail);
        NetmapSlot slot = _rx.Ring.Slots[0];
        return _rx.Buffers[slot.BufferIndex][..slot.Length].ToArray();
    }

    public override void Fetch(Kring ring) => _meddle();

    public override void Publish(Kring ring) => _tail = ring.HwTail;

    public override void Notify(Kring ring)
    {
        // Nobody sleeps.
    }

    public override bool TryAskForSpace(Kring ring) => true;

    public override void RunPass()
    {
        // It has none.
    }

    public void Dispose() => _rx.SetClient(null);
}
