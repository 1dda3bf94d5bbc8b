using Ptnetmap.Lab.Machine;

namespace Ptnetmap.Cli.Reports;

/// <summary>All checks.</summary>
/// <param name="Usable">Nothing essential is missing.</param>
/// <param name="Version">The program's version.</param>
/// <param name="Build">How it was compiled.</param>
/// <param name="Machine">The machine.</param>
/// <param name="Checks">Each check.</param>
internal sealed record DoctorReport(bool Usable, string Version, string Build, MachineInfo Machine,
    IReadOnlyList<Check> Checks);
