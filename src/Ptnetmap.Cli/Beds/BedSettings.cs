using Ptnetmap.Cli.Guests;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Cli.Beds;

/// <summary>What a bed is built of and what its guests do.</summary>
internal sealed record BedSettings
{
    /// <summary>What connects two guests.</summary>
    internal Via Via { get; init; } = Via.Pipe;

    /// <summary>Which way frames go, where that is asked; null otherwise.</summary>
    internal Direction? Direction { get; init; }

    /// <summary>What guests are.</summary>
    internal GuestKind Guests { get; init; }

    /// <summary>Bytes of a frame, without Ethernet's checksum.</summary>
    internal int Frame { get; init; } = 60;

    /// <summary>Bytes of a buffer, as asked for; null takes what the frame needs.</summary>
    internal int? BufferSize { get; init; }

    /// <summary>Slots a ring, as asked for; null takes what pays.</summary>
    internal int? SlotsWanted { get; init; }

    /// <summary>Slots a ring.</summary>
    internal int Slots => SlotsWanted ?? SlotsThatPay();

    /// <summary>Slots between two publications of a sender, at most.</summary>
    internal int Burst { get; init; } = 256;

    /// <summary>Ring pairs a port.</summary>
    internal int Rings { get; init; } = 1;

    /// <summary>Pairs of guests at work at the same time.</summary>
    internal int Pairs { get; init; } = 1;

    /// <summary>Both guests of a pair send.</summary>
    internal bool BothWays { get; init; }

    /// <summary>Packets a second of each sender; 0 sends as fast as it goes.</summary>
    internal long Rate { get; init; }

    /// <summary>Packets in all, shared out over the senders; 0 goes by time.</summary>
    internal long Packets { get; init; }

    /// <summary>Receivers check each frame.</summary>
    internal bool Verify { get; init; }

    /// <summary>Senders put the time into frames, and receivers record how old it is.</summary>
    internal bool Latency { get; init; }

    /// <summary>One guest sends a frame at a time and the other sends it back.</summary>
    internal bool Ping { get; init; }

    /// <summary>Forwarders between sender and receiver.</summary>
    internal int Forwarders { get; init; }

    /// <summary>When host loops sleep.</summary>
    internal NotificationPolicy Policy { get; init; } = NotificationPolicy.SpinThenSleep;

    /// <summary>How often guests look before they sleep; null leaves it to the guest.</summary>
    internal int? GuestSpin { get; init; }

    /// <summary>Worker threads; 0 lets the pool choose.</summary>
    internal int Workers { get; init; }

    /// <summary>CPUs, as asked for; null gives each guest one of its own where there are enough.</summary>
    internal PinPlan? PinWanted { get; init; }

    /// <summary>CPUs.</summary>
    internal PinPlan Pin => PinWanted ?? PinPlan.Auto(Via == Via.Uplink ? NicLayouts.SwitchGuests + 1 : (2 * Pairs) + Forwarders);

    /// <summary>Pages of the regions.</summary>
    internal HugePagePolicy HugePages { get; init; } = HugePagePolicy.Auto;

    // With small frames long rings spread the cost of a wake-up over many packets; large frames want few buffers, so that
    // they stay in the cache, and so do many rings beside each other. At a fixed rate rings are never full, unless the kernel fills them.
    private int SlotsThatPay()
    {
        if (Via is Via.Veth or Via.Uplink or Via.Wire)
        {
            return Frame < LargeFrame ? NicSlots : ShortestThatPays;
        }

        if (Rate != 0)
        {
            return ShortestThatPays;
        }

        int alone = Frame < LargeFrame ? NetmapAbi.MaxSlots : Via == Via.Pipe ? 4096 : 2048;
        int sharers = Math.Max(Rings * (BothWays ? 2 : 1), Pairs + Forwarders > 1 || Forwarders > 0 ? 4 : 1);
        return Math.Max(ShortestThatPays, alone / sharers);
    }

    // A NIC's rings are as long as its queues are deep; of large frames fewer stay in the cache until the kernel copies them.
    private const int NicSlots = 2048;
    private const int LargeFrame = 512;
    private const int ShortestThatPays = 1024;
}
