using System.Numerics;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Lab.Beds;

/// <summary>What a bed is built of and what its guests do.</summary>
public sealed record BedSettings
{
    /// <summary>Slots of an idle port's rings: fewer than where packets pay for them.</summary>
    public const int IdleSlots = ShortestThatPays;

    /// <summary>What connects two guests.</summary>
    public Via Via { get; init; } = Via.Pipe;

    /// <summary>Which way frames go, where that is asked; null otherwise.</summary>
    public Direction? Direction { get; init; }

    /// <summary>What guests are.</summary>
    public GuestKind Guests { get; init; }

    /// <summary>What Linux guests are booted from; null: there are none.</summary>
    public LinuxBoot? Linux { get; init; }

    /// <summary>Bytes of a frame, without Ethernet's checksum.</summary>
    public int Frame { get; init; } = 60;

    /// <summary>Bytes of a buffer, as asked for; null takes what the frame needs.</summary>
    public int? BufferSize { get; init; }

    /// <summary>Slots a ring, as asked for; null takes what pays.</summary>
    public int? SlotsWanted { get; init; }

    /// <summary>Slots a ring.</summary>
    public int Slots => SlotsWanted ?? SlotsThatPay();

    /// <summary>Slots between two publications of a sender, at most.</summary>
    public int Burst { get; init; } = 256;

    /// <summary>Ring pairs a port.</summary>
    public int Rings { get; init; } = 1;

    /// <summary>Pairs of guests at work at the same time.</summary>
    public int Pairs { get; init; } = 1;

    /// <summary>Both guests of a pair send.</summary>
    public bool BothWays { get; init; }

    /// <summary>Senders and receivers that do not come in pairs; null: they do.</summary>
    public FanSettings? Fan { get; init; }

    /// <summary>Further ports of the switch, each with a guest that waits.</summary>
    public int IdlePorts { get; init; }

    /// <summary>Guests that send.</summary>
    public int Senders => Fan?.Senders ?? (Pairs * (BothWays ? 2 : 1));

    /// <summary>Packets a second of each sender; 0 sends as fast as it goes.</summary>
    public long Rate { get; init; }

    /// <summary>Packets in all, shared out over the senders; 0 goes by time.</summary>
    public long Packets { get; init; }

    /// <summary>Receivers check each frame.</summary>
    public bool Verify { get; init; }

    /// <summary>Senders put the time into frames, and receivers record how old it is.</summary>
    public bool Latency { get; init; }

    /// <summary>One guest sends a frame at a time and the other sends it back.</summary>
    public bool Ping { get; init; }

    /// <summary>Forwarders between sender and receiver.</summary>
    public int Forwarders { get; init; }

    /// <summary>When host loops sleep.</summary>
    public NotificationPolicy Policy { get; init; } = NotificationPolicy.SpinThenSleep;

    /// <summary>How often guests look before they sleep; null leaves it to the guest.</summary>
    public int? GuestSpin { get; init; }

    /// <summary>How long VMs go on looking where their last wait was no longer.</summary>
    public TimeSpan GuestPatience { get; init; }

    /// <summary>Worker threads; 0 lets the pool choose.</summary>
    public int Workers { get; init; }

    /// <summary>CPUs, as asked for; null gives each guest that is busy one of its own where there are enough.</summary>
    public PinPlan? PinWanted { get; init; }

    /// <summary>CPUs.</summary>
    public PinPlan Pin =>
        PinWanted ?? (Guests == GuestKind.Qemu
            ? PinPlan.None
            : PinPlan.Auto(
                Via == Via.Uplink ? NicLayouts.SwitchGuests + 1 : (Fan?.Busy ?? (2 * Pairs * Ways)) + Forwarders));

    /// <summary>Pages of the regions.</summary>
    public HugePagePolicy HugePages { get; init; } = HugePagePolicy.Auto;

    private int Ways => BothWays ? 2 : 1;

    // With small frames long rings spread the cost of a wake-up over many packets; large frames want few buffers, so
    // that they stay in the caches of two cores (some 3 MiB of frames), and so do many rings beside each other. At a
    // fixed rate rings are never full, unless the kernel fills them.
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

        int alone = Guests == GuestKind.Qemu
            ? LinuxSlots
            : Math.Min(NetmapAbi.MaxSlots, (int)BitOperations.RoundUpToPowerOf2((CachedBytes / (uint)Frame / 2) + 1));
        int sharers = Math.Max(Rings * Ways, Pairs + Forwarders > 1 || Fan is { Busy: > 2 } ? SharersOfCache() : 1);
        return Math.Max(ShortestThatPays, alone / sharers);
    }

    // A VM that sleeps leaves its machine, which costs more than what the caches lose.
    private int SharersOfCache() =>
        Guests != GuestKind.Thread ? 2 : Pairs > 1 && Via == Via.Vale ? 8 : 4;

    // A NIC's rings are as long as its queues are deep; of large frames fewer stay in the cache until the kernel copies
    // them.
    private const int NicSlots = 2048;
    private const int LinuxSlots = 4096;
    private const int LargeFrame = 512;
    private const uint CachedBytes = 3 << 20;
    private const int ShortestThatPays = 1024;
}
