using Ptnetmap.Lab.Guests;

namespace Ptnetmap.Lab.Reporting;

/// <summary>What a matrix is to be made of: every combination of these.</summary>
/// <param name="Shapes">What is between sender and receiver.</param>
/// <param name="Frames">Bytes of a frame.</param>
/// <param name="BothWays">Whether both ends send.</param>
/// <param name="Guests">What the guests are.</param>
public sealed record MatrixPlan(
    IReadOnlyList<MatrixShape> Shapes, IReadOnlyList<int> Frames, IReadOnlyList<bool> BothWays,
    IReadOnlyList<GuestKind> Guests)
{
    /// <summary>How many cells there are.</summary>
    public int Count => Guests.Count * BothWays.Count * Shapes.Count * Frames.Count;

    /// <summary>The cells of each kind of guests.</summary>
    public IEnumerable<(MatrixShape Shape, bool BothWays, int Frame)> Cells =>
        from bothWays in BothWays
        from shape in Shapes
        from frame in Frames
        select (shape, bothWays, frame);
}
