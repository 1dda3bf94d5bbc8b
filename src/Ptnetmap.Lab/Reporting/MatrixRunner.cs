using Ptnetmap.Lab.Beds;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Lab.Machine;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Lab.Reporting;

/// <summary>Runs the cells of a matrix, one after the other.</summary>
public sealed class MatrixRunner(MatrixPlan plan, BedSettings settings, RunTimes times, int runs, StopRequest stop)
{
    /// <summary>Says why there cannot be guests of a kind; null where there can.</summary>
    public required Func<GuestKind, string?> WhyNot { get; init; }

    /// <summary>Told of each cell that is done, with its number from 1.</summary>
    public Action<int, MatrixCell>? CellDone { get; init; }

    /// <summary>Runs all; when a signal comes, what is done by then stands, without the cell that was under
    /// way.</summary>
    public MatrixReport Run()
    {
        DateTimeOffset date = DateTimeOffset.UtcNow;
        var done = new List<MatrixCell>();
        foreach (GuestKind guests in plan.Guests)
        {
            string? whyNot = WhyNot(guests);
            foreach ((MatrixShape shape, bool bothWays, int frame) in plan.Cells)
            {
                BedSettings own = shape.ApplyTo(settings) with { Guests = guests, BothWays = bothWays, Frame = frame };
                var cell = new MatrixCell(shape.Name, guests.ToString().ToLowerInvariant(), bothWays, frame);
                cell = whyNot is null ? Measure(cell, shape, own) : cell with { Reason = whyNot };
                if (stop.IsRequested)
                {
                    return Report(date, done);
                }

                done.Add(cell);
                CellDone?.Invoke(done.Count, cell);
            }
        }

        return Report(date, done);
    }

    // One cell that asks for too much of this machine is no reason to lose the others.
    private MatrixCell Measure(MatrixCell cell, MatrixShape shape, BedSettings own)
    {
        try
        {
            return cell with { Report = new BenchRunner("matrix", own, times, runs, stop).Run(shape.Lay) };
        }
        catch (Exception failure) when (failure is LinuxException or RegionLimitException or GuestFailedException)
        {
            return cell with { Reason = failure.Message, Failed = true };
        }
    }

    private MatrixReport Report(DateTimeOffset date, List<MatrixCell> done) => new(
        "matrix", BenchRunner.Version, MachineInfo.Build, MachineInfo.Read(), date, settings.Burst,
        times.Window.TotalSeconds, runs, stop.IsRequested, done);
}
