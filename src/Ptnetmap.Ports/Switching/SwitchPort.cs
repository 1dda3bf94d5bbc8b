using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Ports.Switching;

/// <summary>A port as its switch knows it: a number, receive rings, and a limit on its floods.</summary>
public abstract class SwitchPort : Port
{
    private protected SwitchPort(string name, MemoryRegion region, PortShape shape, Quiescence quiescence,
        PortVlans? vlans)
        : base(name, region, shape, quiescence)
    {
        Vlans = vlans ?? PortVlans.Everything;
        Feeders = new FeederSet[shape.RxRings];
        for (int i = 0; i < Feeders.Length; i++)
        {
            Feeders[i] = new FeederSet();
        }
    }

    /// <summary>The VLANs that it is in. They are a port's for its life: passes need not ask whether they have
    /// changed.</summary>
    public PortVlans Vlans { get; }

    /// <summary>Its number on the switch, 1 to 254: what a sender puts into a slot's high byte to force it as
    /// destination.</summary>
    public int Number { get; internal set; }

    /// <inheritdoc/>
    public override bool HasBackPressure => false;

    /// <inheritdoc/>
    public override bool CanUseVnetHeader => true;

    /// <summary>How much of what it sends may go to every port.</summary>
    public FloodLimit FloodLimit => Floods.Limit;

    internal FloodLimiter Floods { get; } = new();

    /// <summary>Whose packets each receive ring gets.</summary>
    internal FeederSet[] Feeders { get; }

    /// <summary>Limits what this port's packets may be flooded; the rest is dropped and counted.</summary>
    /// <param name="limit">The limit.</param>
    /// <param name="clock">Its clock; null: the system's.</param>
    public void LimitFloods(FloodLimit limit, TimeProvider? clock = null) =>
        Floods.Set(limit, clock ?? TimeProvider.System);

    /// <summary>The receive ring that packets of <paramref name="tx"/> go to: senders' rings spread over receivers'
    /// rings, and packets of one ring stay in order.</summary>
    internal Kring ReceiveRingFor(Kring tx) =>
        RxRings.Length == 1 ? RxRings[0] : RxRings[tx.Index % RxRings.Length];
}
