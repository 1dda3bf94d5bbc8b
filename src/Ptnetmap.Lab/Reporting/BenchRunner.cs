using System.Reflection;
using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Memory;

namespace Ptnetmap.Lab.Reporting;

/// <summary>Runs a measurement several times, each on a bed of its own, and makes a report of it.</summary>
public sealed class BenchRunner(string bench, BedSettings settings, RunTimes times, int runs, StopRequest stop)
{
    private static readonly TimeSpan RehearsalTime = TimeSpan.FromSeconds(0.2);

    /// <summary>The program's version.</summary>
    public static string Version { get; } =
        typeof(BenchRunner).Assembly
            .GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0]
        ?? "unknown";

    /// <summary>Told of each run that is done.</summary>
    public Action<int, RunMetrics>? RunDone { get; init; }

    /// <summary>Shows figures inside windows.</summary>
    public ILiveView? Live { get; init; }

    /// <summary>Runs it.</summary>
    /// <param name="lay">Builds a bed.</param>
    /// <returns>The report; of those runs that were done when a signal came.</returns>
    /// <exception cref="OperationCanceledException">It came while the first run's machines booted.</exception>
    public BenchReport Run(Func<BedSettings, Testbed> lay)
    {
        var done = new List<RunMetrics>();
        PageBacking backing = PageBacking.Small;
        string? note = null;
        string? mode = null;
        long? copied = null;
        int workers = 0;
        Rehearse(lay);
        do
        {
            using Testbed bed = lay(settings);
            backing = bed.Regions[0].Backing;
            note = bed.Regions[0].BackingNote;
            mode = bed.NicMode is { } got ? Word(got) : null;
            workers = bed.Host.Workers.Workers.Count;
            var run = new BedRun(bed, stop) { Live = Live };
            try
            {
                run.Go(times);
            }
            catch (OperationCanceledException) when (done.Count > 0)
            {
                // A signal, while machines booted: what was measured before stands.
                break;
            }

            copied = bed.CopiedBytes is { } moved ? (copied ?? 0) + moved : null;
            RunMetrics metrics = MetricsOf.Run(run, settings);
            done.Add(metrics);
            RunDone?.Invoke(done.Count, metrics);
        }
        while (done.Count < runs && !stop.IsRequested);
        return Report(done, backing, note, workers) with { Mode = mode, CopiedBytes = copied };
    }

    // Code that the JIT compiles on its first call, and imports that are bound then, allocate a few bytes: that happens
    // in a run that does not count. Compiled ahead there is nothing to rehearse, and Linux VMs take too long to boot
    // for that.
    private void Rehearse(Func<BedSettings, Testbed> lay)
    {
        if (string.Equals(MachineInfo.Build, "jit", StringComparison.Ordinal) && settings.Linux is null)
        {
            using Testbed bed = lay(settings with { Packets = 0 });
            new BedRun(bed, stop).Go(new RunTimes(TimeSpan.Zero, RehearsalTime));
        }
    }

    private BenchReport Report(List<RunMetrics> done, PageBacking backing, string? note, int workers)
    {
        return new BenchReport(MetricsOf.Median(done))
        {
            Bench = bench,
            Version = Version,
            Build = MachineInfo.Build,
            Machine = MachineInfo.Read(),
            Via = Word(settings.Via),
            Direction = settings.Direction is { } direction ? Word(direction) : null,
            Guests = Word(settings.Guests),
            Accelerator = settings.Linux?.Accelerator.Name,
            Frame = settings.Frame,
            Slots = settings.Slots,
            Burst = settings.Burst,
            Rings = settings.Rings,
            Pairs = settings.Fan is null ? settings.Pairs : 0,
            Senders = settings.Senders,
            Receivers = settings.Fan?.Receivers,
            Turn = settings.Fan?.Turn,
            Broadcast = settings.Fan?.Broadcast,
            StalledReceivers = settings.Fan?.Stalled,
            SlowReceivers = settings.Fan?.Slow,
            SlowRate = settings.Fan is { Slow: > 0 } fan ? fan.SlowRate : null,
            IdlePorts = settings.IdlePorts,
            Length = settings.Forwarders,
            BothWays = settings.BothWays,
            Rate = settings.Rate,
            Packets = settings.Packets,
            Verify = settings.Verify,
            Policy = settings.Policy.Name,
            Workers = workers,
            GuestPatienceUs = settings.Guests == GuestKind.Vm ? settings.GuestPatience.TotalMicroseconds : 0,
            Pin = settings.Pin.ToString(),
            PageBacking = Word(backing),
            PageNote = note,
            Interrupted = stop.IsRequested,
            MppsMin = done.Min(run => run.Mpps),
            MppsMax = done.Max(run => run.Mpps),
            Runs = done,
        };
    }

    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
