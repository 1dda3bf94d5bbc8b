using System.Diagnostics;
using Ptnetmap.Client;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Client;

/// <summary>A channel that bounds each sleep and notes one that nobody ended: an interrupt was lost.</summary>
internal sealed class TimeoutWatcher(GuestChannel inner) : GuestChannel
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    internal bool LostInterrupt { get; private set; }

    public override MemoryRegion Region => inner.Region;

    public override long InterfaceOffset => inner.InterfaceOffset;

    public override CsbGuestView Csb(int ring) => inner.Csb(ring);

    public override void Kick(int ring) => inner.Kick(ring);

    public override void Wake(int ring) => inner.Wake(ring);

    public override int WaitInterrupt(ReadOnlySpan<int> rings, TimeSpan timeout)
    {
        long start = Stopwatch.GetTimestamp();
        int ring = inner.WaitInterrupt(rings, Patience);
        LostInterrupt |= ring < 0 && Stopwatch.GetElapsedTime(start) >= Patience;
        return ring;
    }
}
