using Ptnetmap.Lab.Machine;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Integration.Tests.Cli;

/// <summary>Matrices that nobody measured.</summary>
internal static class MatrixReports
{
    internal static readonly MachineInfo Machine = new("Some <fast> CPU & more", 2, "6.1.0-test", 1024);

    /// <summary>A matrix of these cells.</summary>
    internal static MatrixReport Of(params MatrixCell[] cells) => new(
        "matrix", "0.1.0", "native", Machine, new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero), 256, 1, 3,
        false, cells);

    /// <summary>A cell that was measured.</summary>
    internal static MatrixCell Cell(
        string shape, string guests, bool bothWays, int frame, double mpps, long lost = 0) =>
        new(shape, guests, bothWays, frame, Report(mpps, lost));

    /// <summary>Every combination that there is, with a rate of its own each.</summary>
    internal static MatrixReport Full()
    {
        var cells =
            from guests in (string[])["vm", "thread"]
            from bothWays in (bool[])[false, true]
            from shape in MatrixShape.All
            from frame in (int[])[60, 256, 1024, 1500]
            select Cell(shape.Name, guests, bothWays, frame, Rate(shape, frame, bothWays),
                lost: string.Equals(shape.Name, "vale", StringComparison.Ordinal) && bothWays ? 100_000 : 0);
        return Of([.. cells]);
    }

    private static double Rate(MatrixShape shape, int frame, bool bothWays) =>
        (string.Equals(shape.Name, "vale", StringComparison.Ordinal) ? 40 : 160.0 / (1 + (1.5 * shape.Forwarders)))
        / (1 + (frame / 300.0)) * (bothWays ? 0.8 : 1);

    private static BenchReport Report(double mpps, long lost) => new(new RunMetrics
    {
        Mpps = mpps,
        Sent = 1_000_000,
        Received = 1_000_000 - lost,
        Lost = lost,
        CpuCores = 1.5,
    })
    {
        Bench = "matrix",
        Version = "0.1.0",
        Build = "native",
        Machine = Machine,
        Via = "vale",
        Guests = "thread",
        Frame = 60,
        Slots = 1024,
        Burst = 256,
        Rings = 1,
        Pairs = 1,
        Senders = 1,
        Length = 0,
        BothWays = false,
        Rate = 0,
        Packets = 0,
        Verify = false,
        Policy = "sleep",
        Workers = 1,
        Pin = "none",
        PageBacking = "small",
        Interrupted = false,
        MppsMin = mpps - 1,
        MppsMax = mpps + 1,
        Runs = [],
    };
}
