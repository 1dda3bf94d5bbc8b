using Ptnetmap.MicroVm;
using Ptnetmap.Traffic;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Lab.Guests;

/// <summary>A guest that is a micro-VM. Its machine comes to be when it is started.</summary>
/// <param name="options">What it is made of.</param>
/// <param name="times">The times that its program records.</param>
public sealed class VmGuest(MicroVmOptions options, VmTimes times) : IBenchGuest
{
    // A guest looks at its stop flag after each burst and each sleep, when it has a processor.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    private MicroVirtualMachine? _machine;

    /// <inheritdoc/>
    public string Name => options.Name;

    /// <inheritdoc/>
    public GuestCounters Counters
    {
        get
        {
            MicroVmCounters counters = _machine?.Counters ?? default;
            return new GuestCounters
            {
                Packets = counters.Packets,
                Bytes = counters.Bytes,
                Batches = counters.Batches,
                Kicks = counters.Kicks,
                Sleeps = counters.Sleeps,
                Lost = counters.Lost,
                Duplicated = counters.Duplicated,
                Reordered = counters.Reordered,
                Damaged = counters.Damaged,
            };
        }
    }

    /// <inheritdoc/>
    public bool IsFinished => _machine is { State: not MicroVmState.Running };

    /// <inheritdoc/>
    public LatencyHistogram? Latency => _machine is { } machine && HasTimes(machine) ? ReadTimes(machine) : null;

    /// <inheritdoc/>
    public void Start() => _machine = MicroVirtualMachine.Start(options);

    /// <inheritdoc/>
    public void Stop()
    {
        if (_machine is not { } machine)
        {
            return;
        }

        machine.Stop(Grace);
        if (machine.State is MicroVmState.Crashed or MicroVmState.Stopped)
        {
            throw new GuestFailedException($"{Name}: {machine.Reason ?? "the guest did not end when asked to"}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _machine?.Dispose();

    // A stamp of one guest's counter means something to another only when both counters are the host's.
    private bool HasTimes(MicroVirtualMachine machine) =>
        times == VmTimes.RoundTrips || (times == VmTimes.OneWay && machine.HasHostTsc);

    // The guest counts ticks of its time-stamp counter; each bucket's upper end stands for all in it, as in
    // percentiles.
    private static LatencyHistogram ReadTimes(MicroVirtualMachine machine)
    {
        long[] ticks = new long[LatencyHistogram.Buckets];
        machine.ReadHistogram(ticks);
        long[] nanoseconds = new long[LatencyHistogram.Buckets];
        double tick = machine.TscKilohertz > 0 ? 1e6 / machine.TscKilohertz : 1;
        for (int i = 0; i < ticks.Length; i++)
        {
            if (ticks[i] != 0)
            {
                nanoseconds[LatencyHistogram.BucketOf((long)(LatencyHistogram.UpperBound(i) * tick))] += ticks[i];
            }
        }

        var times = new LatencyHistogram();
        times.Add(nanoseconds);
        return times;
    }
}
