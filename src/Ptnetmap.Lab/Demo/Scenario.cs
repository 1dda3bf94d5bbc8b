using Ptnetmap.Lab.Beds;

namespace Ptnetmap.Lab.Demo;

/// <summary>One part of the demonstration.</summary>
/// <param name="Name">Its name in tables and JSON.</param>
/// <param name="Story">What one is about to see.</param>
/// <param name="Settings">What is built.</param>
/// <param name="Seconds">How long it is looked at.</param>
/// <param name="Lay">Builds it.</param>
public sealed record Scenario(string Name, string Story, BedSettings Settings, double Seconds,
    Func<BedSettings, Testbed> Lay)
{
    private const double IdleShare = 0.6;

    /// <summary>Strangers, partners, and nothing to do.</summary>
    public static IReadOnlyList<Scenario> All(BedSettings common, string guest, double seconds) =>
    [
        new(
            "strangers",
            $"1. Strangers. Each {guest} has a memory region of its own and cannot see the other's.\n" +
            "   A VALE switch looks up each frame's destination and copies the frame across.",
            common with { Via = Via.Vale },
            seconds,
            Layouts.Pairs),
        new(
            "partners",
            $"2. Partners. Both {guest}s trust each other and share one region. A pipe hands over the\n" +
            "   buffers themselves: not a byte of a frame is copied.",
            common with { Via = Via.Pipe },
            seconds,
            Layouts.Pairs),
        new(
            "idle",
            $"3. Silence. Two {guest}s stay attached, and nobody sends.",
            common with { Via = Via.Pipe },
            seconds * IdleShare,
            Layouts.Idle),
    ];
}
