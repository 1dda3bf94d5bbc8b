namespace Ptnetmap.Tests.Tidy;

/// <summary>The folders of a project know each other in one direction only, so that each can be read, and changed,
/// without those above it.</summary>
public class FolderCycleTests
{
    public static TheoryData<string> Projects =>
        [.. Tree.WithEnding(".csproj", "src/").Select(FolderArrows.Project)];

    [Theory]
    [MemberData(nameof(Projects))]
    public void No_folders_of_the_project_know_each_other_in_a_circle(string project)
    {
        string[] circle =
            [.. Circles(FolderArrows.All.Value.Where(arrow => FolderArrows.Project(arrow.From) == project))];
        Assert.True(circle.Length == 0, string.Join('\n', circle));
    }

    [Fact]
    public void A_circle_is_told_with_the_types_that_make_it_and_nothing_else() => Assert.Equal(
        ["src/P -> src/P/In: Inner (Outer.cs)", "src/P/In -> src/P: Outer (Inner.cs)"],
        Circles(FolderArrows.Between(
        [
            SourceTree.Written("src/P/Outer.cs", "namespace P; class Outer { object make = new P.In.Inner(); }"),
            SourceTree.Written("src/P/In/Inner.cs",
                "namespace P.In; class Inner { int Below; void Do() => P.Outer.Equals(Below, null); }"),
            SourceTree.Written("src/P/Top/Top.cs",
                "using P.In; namespace P.Top; class Top { Inner inner; int Above; }"),
            SourceTree.Written("src/P/Below/Below.cs", "namespace P.Below; /* Top */ class Below { string Top; }"),
            SourceTree.Written("src/Q/Above.cs", "namespace Q; class Above { P.Outer outer; }"),
        ])).Order(StringComparer.Ordinal));

    // Who knows nobody that is left goes first, then who is known by nobody that is left: who stays is in a circle, or
    // between two.
    private static IEnumerable<string> Circles(IEnumerable<FolderArrow> arrows)
    {
        List<FolderArrow> left = [.. arrows];
        while (left.RemoveAll(arrow => left.TrueForAll(other => other.From != arrow.To)) > 0
            || left.RemoveAll(arrow => left.TrueForAll(other => other.To != arrow.From)) > 0)
        {
        }

        return left.GroupBy(arrow => (arrow.From, arrow.To))
            .Select(between => $"{between.Key.From} -> {between.Key.To}: "
                + string.Join(", ", between.GroupBy(arrow => arrow.Type, arrow => arrow.File, StringComparer.Ordinal)
                    .Select(type => $"{type.Key} ({string.Join(", ", type)})")));
    }
}
