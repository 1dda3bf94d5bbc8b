using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Lab.Reporting;

/// <summary>The same measurement over all combinations of shape, frame, way and guests.</summary>
/// <param name="Bench">Which: matrix.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Build">How it was compiled: native or jit.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Date">When it began.</param>
/// <param name="Burst">Slots between two publications of a sender, at most.</param>
/// <param name="Seconds">Length of a run.</param>
/// <param name="Runs">Runs of a cell; its rate is their median.</param>
/// <param name="Interrupted">Stopped before its end: cells that were not done are not in it.</param>
/// <param name="Cells">The combinations, in the order of their measurement.</param>
public sealed record MatrixReport(
    string Bench, string Version, string Build, MachineInfo Machine, DateTimeOffset Date, int Burst, double Seconds,
    int Runs, bool Interrupted, IReadOnlyList<MatrixCell> Cells);
