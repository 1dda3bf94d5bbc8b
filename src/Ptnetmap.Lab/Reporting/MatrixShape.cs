using Ptnetmap.Lab.Beds;
using Ptnetmap.Linux;

namespace Ptnetmap.Lab.Reporting;

/// <summary>What is between the sender and the receiver of a cell of the matrix.</summary>
/// <param name="Name">As on the command line: pipe, vale, chain-1 to chain-5.</param>
/// <param name="Title">As in a picture.</param>
/// <param name="Via">What connects two neighbours.</param>
/// <param name="Forwarders">Guests between sender and receiver.</param>
public sealed record MatrixShape(string Name, string Title, Via Via, int Forwarders)
{
    /// <summary>Forwarders of the longest chain.</summary>
    public const int LongestChain = 5;

    /// <summary>All of them: a pipe, a switch, and chains of pipes.</summary>
    public static IReadOnlyList<MatrixShape> All { get; } =
    [
        new("pipe", "pipe", Via.Pipe, 0),
        new("vale", "VALE switch", Via.Vale, 0),
        .. Enumerable.Range(1, LongestChain).Select(length =>
            new MatrixShape($"chain-{length}", Quantity.Of(length, "forwarder"), Via.Pipe, length)),
    ];

    /// <summary>The one of this name.</summary>
    public static MatrixShape Of(string name) =>
        All.First(shape => string.Equals(shape.Name, name, StringComparison.Ordinal));

    /// <summary>The settings of a bed of it.</summary>
    public BedSettings ApplyTo(BedSettings settings) => settings with { Via = Via, Forwarders = Forwarders };

    /// <summary>Builds a bed of it.</summary>
    public Testbed Lay(BedSettings settings) => Forwarders > 0 ? Layouts.Chain(settings) : Layouts.Pairs(settings);
}
