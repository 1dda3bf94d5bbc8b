using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>A port whose passes do what a test says; unless told otherwise they send everything to nobody.</summary>
internal sealed class PlayedPort(string name, MemoryRegion region, Quiescence quiescence, int rings = 1)
    : Port(name, region, PortShape.Symmetric(rings, 64), quiescence)
{
    private readonly long[] _sent = new long[rings];

    /// <summary>What comes before a ring's packets are sent.</summary>
    internal Action<Kring> Sending { get; set; } = _ => { };

    /// <summary>What is done when a ring has nothing to send.</summary>
    internal Action<Kring> Reclaiming { get; set; } = _ => { };

    /// <summary>What is done when a receive ring has slots again.</summary>
    internal Action<Kring> Pulling { get; set; } = _ => { };

    public override bool HasBackPressure => true;

    /// <summary>Packets that a ring has sent.</summary>
    internal long Sent(int ring) => Volatile.Read(ref _sent[ring]);

    public override SyncStatus TxSync(Kring tx, uint budget)
    {
        Sending(tx);
        uint count = Math.Min(budget, tx.Pending);
        tx.Complete(count);
        Volatile.Write(ref _sent[tx.Index], _sent[tx.Index] + count);
        return tx.Pending == 0 ? SyncStatus.Dry : SyncStatus.More;
    }

    public override SyncStatus Reclaim(Kring tx)
    {
        Reclaiming(tx);
        return SyncStatus.Dry;
    }

    public override void PullFeeders(Kring rx) => Pulling(rx);

    public override void NotifyReceivers(Kring tx)
    {
        // There are none.
    }

    protected override void Leave()
    {
        // Nobody finds it.
    }
}
