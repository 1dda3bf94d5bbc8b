using Ptnetmap.Memory;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Integration.Tests.MicroVm;

/// <summary>A port whose passes end when they are told to: who makes one is busy until then.</summary>
internal sealed class BusyPort(MemoryRegion region, int slots, Quiescence quiescence)
    : Port("busy", region, PortShape.Symmetric(1, slots), quiescence)
{
    private readonly ManualResetEventSlim _entered = new();
    private readonly ManualResetEventSlim _ended = new();

    public override bool HasBackPressure => true;

    /// <summary>Ends passes, this one and all that come, when it is disposed of.</summary>
    internal IDisposable Ending => new End(_ended);

    /// <summary>Waits until somebody makes a pass.</summary>
    internal bool IsEntered(TimeSpan patience) => _entered.Wait(patience);

    public override SyncStatus TxSync(Kring tx, uint budget) => SyncStatus.Dry;

    public override SyncStatus Reclaim(Kring tx)
    {
        _entered.Set();
        _ended.Wait();
        return SyncStatus.Dry;
    }

    public override void NotifyReceivers(Kring tx)
    {
        // There are none.
    }

    protected override void Leave()
    {
        _entered.Dispose();
        _ended.Dispose();
    }

    private sealed class End(ManualResetEventSlim ended) : IDisposable
    {
        public void Dispose() => ended.Set();
    }
}
