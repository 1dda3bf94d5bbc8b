using System.Reflection;
using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>The daemon itself.</summary>
public sealed record DaemonReport
{
    /// <summary>Its version.</summary>
    public required string Version { get; init; }

    /// <summary>Its process.</summary>
    public required int ProcessId { get; init; }

    /// <summary>Its run directory.</summary>
    public required string RunDirectory { get; init; }

    /// <summary>The usual notification policy.</summary>
    public required string Policy { get; init; }

    /// <summary>The ways in for guests, the usual one first.</summary>
    public required IReadOnlyList<string> Transports { get; init; }

    /// <summary>Its workers.</summary>
    public required IReadOnlyList<WorkerReport> Workers { get; init; }

    /// <summary>Garbage collections so far, each of which stops the workers for a moment.</summary>
    public required int GcCollections { get; init; }

    /// <summary>The time that they took in all.</summary>
    public required long GcPauseNanoseconds { get; init; }

    internal static DaemonReport Of(Inventory inventory) => new()
    {
        Version = ThisVersion,
        ProcessId = Environment.ProcessId,
        RunDirectory = inventory.Directory.Path,
        Policy = inventory.Settings.Policy,
        Transports = [.. inventory.TransportKinds],
        Workers = [.. inventory.Workers.Workers.Select(worker =>
            new WorkerReport(worker.Index, worker.RingCount, worker.WakeUps, worker.CpuNanoseconds))],
        GcCollections = GC.CollectionCount(0),
        GcPauseNanoseconds = (long)GC.GetTotalPauseDuration().TotalNanoseconds,
    };

    private static string ThisVersion =>
        typeof(DaemonReport).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion
            ?? "unknown";
}
