using Ptnetmap.Client;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Client;

/// <summary>A channel that calls the test where a guest would sleep.</summary>
internal sealed class SleepWatcher(GuestChannel inner, Action onSleep) : GuestChannel
{
    internal int Waits { get; private set; }

    public override MemoryRegion Region => inner.Region;

    public override long InterfaceOffset => inner.InterfaceOffset;

    public override CsbGuestView Csb(int ring) => inner.Csb(ring);

    public override void Kick(int ring) => inner.Kick(ring);

    public override void Wake(int ring) => inner.Wake(ring);

    public override int WaitInterrupt(ReadOnlySpan<int> rings, TimeSpan timeout)
    {
        Waits++;
        onSleep();
        return 0;
    }
}
