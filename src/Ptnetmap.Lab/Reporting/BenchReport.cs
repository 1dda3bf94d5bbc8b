using System.Text.Json.Serialization;
using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Lab.Reporting;

/// <summary>A measurement: what was measured, on what, and the figures. <c>Mpps</c> is the median over the runs and the
/// rates are those of that run; counts (sent, lost, drops, collections, allocated bytes) are sums over all
/// runs.</summary>
public sealed record BenchReport : RunMetrics
{
    /// <summary>Makes a report of these figures.</summary>
    public BenchReport(RunMetrics figures)
        : base(figures)
    {
    }

    /// <summary>Which measurement.</summary>
    public required string Bench { get; init; }

    /// <summary>The program's version.</summary>
    public required string Version { get; init; }

    /// <summary>How it was compiled: native or jit.</summary>
    public required string Build { get; init; }

    /// <summary>The machine.</summary>
    public required MachineInfo Machine { get; init; }

    /// <summary>What connects the guests.</summary>
    public required string Via { get; init; }

    /// <summary>Which way frames go, seen from the guests: tx or rx; null where both are guests.</summary>
    public string? Direction { get; init; }

    /// <summary>How a NIC's frames get into the region: zerocopy, copy or generic; null without a NIC.</summary>
    public string? Mode { get; init; }

    /// <summary>Bytes of frames that a NIC port had to move, all runs; null without a NIC.</summary>
    public long? CopiedBytes { get; init; }

    /// <summary>What the guests are.</summary>
    public required string Guests { get; init; }

    /// <summary>What runs the guests' instructions, kvm or tcg; null where they are no VMs of QEMU.</summary>
    public string? Accelerator { get; init; }

    /// <summary>Bytes of a frame, without Ethernet's checksum.</summary>
    public required int Frame { get; init; }

    /// <summary>Slots a ring.</summary>
    public required int Slots { get; init; }

    /// <summary>Slots between two publications, at most.</summary>
    public required int Burst { get; init; }

    /// <summary>Ring pairs a port.</summary>
    public required int Rings { get; init; }

    /// <summary>Pairs of guests; 0 where senders and receivers are given by number.</summary>
    public required int Pairs { get; init; }

    /// <summary>Guests that send.</summary>
    public int Senders { get; init; }

    /// <summary>Senders and receivers by number: guests that read as fast as they can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Receivers { get; init; }

    /// <summary>Frames in a row from a sender to one receiver.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Turn { get; init; }

    /// <summary>Each frame goes to all receivers.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Broadcast { get; init; }

    /// <summary>Receivers that never read.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? StalledReceivers { get; init; }

    /// <summary>Receivers that read <see cref="SlowRate"/> frames a second.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? SlowReceivers { get; init; }

    /// <summary>Frames a second that a slow receiver reads.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? SlowRate { get; init; }

    /// <summary>Further ports of the switch, whose guests wait.</summary>
    public int IdlePorts { get; init; }

    /// <summary>Forwarders in a chain.</summary>
    public required int Length { get; init; }

    /// <summary>Both guests of a pair send.</summary>
    public required bool BothWays { get; init; }

    /// <summary>Packets a second of each sender; 0: as fast as it goes.</summary>
    public required long Rate { get; init; }

    /// <summary>Packets asked for; 0: by time.</summary>
    public required long Packets { get; init; }

    /// <summary>Each frame was checked.</summary>
    public required bool Verify { get; init; }

    /// <summary>When host loops sleep.</summary>
    public required string Policy { get; init; }

    /// <summary>Microseconds that VMs go on looking where their last wait was no longer.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public double GuestPatienceUs { get; init; }

    /// <summary>Worker threads.</summary>
    public required int Workers { get; init; }

    /// <summary>CPUs that guests and workers were bound to.</summary>
    public required string Pin { get; init; }

    /// <summary>Pages of the regions: small, transparent or hugetlb.</summary>
    public required string PageBacking { get; init; }

    /// <summary>Why they are not larger.</summary>
    public string? PageNote { get; init; }

    /// <summary>Stopped before its time: the figures are of what had been measured.</summary>
    public required bool Interrupted { get; init; }

    /// <summary>The slowest run.</summary>
    public required double MppsMin { get; init; }

    /// <summary>The fastest run.</summary>
    public required double MppsMax { get; init; }

    /// <summary>What was measured in turn with the runs; null when nothing was.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public AgainstReport? Against { get; init; }

    /// <summary>Each run.</summary>
    [JsonPropertyOrder(1)]
    public required IReadOnlyList<RunMetrics> Runs { get; init; }
}
