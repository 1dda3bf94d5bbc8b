using System.Text.Json.Serialization;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Reporting;

/// <summary>The figures of one run, or of several taken together. Rates are those of the window; sent, received, lost
/// and the like are of the whole run, from the first frame to the drained end.</summary>
public record RunMetrics
{
    /// <summary>Millions of frames a second that the receivers got.</summary>
    public double Mpps { get; init; }

    /// <summary>Frame bytes times 8 (no preamble, no checksum, no gap), in 10^9 bits a second.</summary>
    public double Gbps { get; init; }

    /// <summary>Length of the window in seconds.</summary>
    public double WindowSeconds { get; init; }

    /// <summary>Frames sent, each once; senders and receivers by number: those that the switch took.</summary>
    public long Sent { get; init; }

    /// <summary>Frames received.</summary>
    public long Received { get; init; }

    /// <summary>Frames sent that nobody received, dropped ones included; of a broadcast, copies.</summary>
    public long Lost { get; init; }

    /// <summary>Frames received twice; only known when frames are verified.</summary>
    public long? Duplicated { get; init; }

    /// <summary>Frames received after a later one; only known when frames are verified.</summary>
    public long? Reordered { get; init; }

    /// <summary>Frames whose checksum is wrong; only known when frames are verified.</summary>
    public long? Damaged { get; init; }

    /// <summary>Drops by reason; reasons that never occurred are left out.</summary>
    public IReadOnlyDictionary<string, long> Drops { get; init; } =
        new Dictionary<string, long>(StringComparer.Ordinal);

    /// <summary>NIC ports: where frames were lost and by which counter; places and counters with none are left
    /// out.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<Loss>? Losses { get; init; }

    /// <summary>NIC ports: frames sent that were neither received nor counted in <see cref="Losses"/>; senders and
    /// receivers by number: copies neither received nor in <see cref="Unread"/> or <see cref="Drops"/>. Anything but 0
    /// is a fault of the program.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Unaccounted { get; init; }

    /// <summary>Each guest's part, where several share a way.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<GuestTraffic>? PerGuest { get; init; }

    /// <summary>Guests to guests: each sender and receiver.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<PartyTraffic>? Parties { get; init; }

    /// <summary>The senders' rates: frames that the switch or the pipe took.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RateSpread? SendersMpps { get; init; }

    /// <summary>The rates of the receivers that read as fast as they can.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RateSpread? ReceiversMpps { get; init; }

    /// <summary>Senders and receivers by number: frames that lay in rings of slow and stalled receivers at the
    /// end.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Unread { get; init; }

    /// <summary>Loss over short intervals of the window, of all runs together; null where nobody watches it (latency,
    /// and traffic that does not come from guests).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LossSummary? LossPercent { get; init; }

    /// <summary>Of each interval.</summary>
    [JsonIgnore]
    public IReadOnlyList<double> LossSamples { get; init; } = [];

    /// <summary>Ring pointers outside their limits.</summary>
    public long Violations { get; init; }

    /// <summary>CPU time of all threads, guests included, in cores.</summary>
    public double CpuCores { get; init; }

    /// <summary>The same in percent of one core.</summary>
    public double CpuPercent => 100 * CpuCores;

    /// <summary>CPU time of the worker threads, in cores. What guests' threads do for the host when they are about to
    /// sleep is not in it.</summary>
    public double HostCpuCores { get; init; }

    /// <summary>Kicks, guest to host, a second.</summary>
    public double KicksPerS { get; init; }

    /// <summary>Interrupts, host to guest, a second.</summary>
    public double InterruptsPerS { get; init; }

    /// <summary>Times a second that a guest went to sleep for want of work; 0 for Linux guests, which tell it only at
    /// their end.</summary>
    public double SleepsPerS { get; init; }

    /// <summary>Times a second that a worker was woken.</summary>
    public double WorkerWakeUpsPerS { get; init; }

    /// <summary>Times a second that any thread went to sleep and was woken (voluntary context switches).</summary>
    public double WakeUpsPerS { get; init; }

    /// <summary>Times a second that a full receiver stopped a sender's ring.</summary>
    public double StallsPerS { get; init; }

    /// <summary>Mean packets that a pass of the host moved.</summary>
    public double MeanBatch { get; init; }

    /// <summary>Garbage collections in the window.</summary>
    public long GcCollections { get; init; }

    /// <summary>Bytes that all threads together allocated on the managed heap in the window.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Bytes of memory that the process had at the end of the window, hugepages included; guests that are
    /// processes not. Null where the kernel does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? ResidentBytes { get; init; }

    /// <summary>Chains: millions of packets times hops for each second of CPU time.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? MhopsPerCpuS { get; init; }

    /// <summary>Times in microseconds: round trips (rtt), or from sender to receiver (latency).</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public LatencySummary? LatencyUs { get; init; }
}
