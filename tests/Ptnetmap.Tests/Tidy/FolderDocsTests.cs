using System.Text.RegularExpressions;

namespace Ptnetmap.Tests.Tidy;

/// <summary>The folders of docs/architecture.md are those of the projects, each with those that it knows.</summary>
public partial class FolderDocsTests
{
    public static TheoryData<string> Projects => FolderCycleTests.Projects;

    [Theory]
    [MemberData(nameof(Projects))]
    public void The_architecture_has_each_folder_of_the_project_with_those_that_it_knows(string project)
    {
        string[] folders =
            [.. SourceTree.Under(project + "/").Select(file => Path.GetDirectoryName(file.Path)!).Distinct()];
        string[] there = folders.Length == 1 ? [] : [.. folders.Select(folder => Row(Name(folder), KnownTo(folder)))];
        string[] told = [.. FolderRow().Matches(Tree.Read("docs/architecture.md"))
            .Where(row => row.Groups["folder"].Value.Split('/')[0] == Name(project))
            .Select(row => Row(row.Groups["folder"].Value, row.Groups["knows"].Value))];
        Assert.True(there.ToHashSet().SetEquals(told), "docs/architecture.md should have these rows, and has not:\n"
            + $"{string.Join('\n', there.Except(told))}\nand has these, and should " +
            $"not:\n{string.Join('\n', told.Except(there))}");
    }

    private static string KnownTo(string folder) =>
        string.Join(", ", FolderArrows.All.Value.Where(arrow => arrow.From == folder)
            .Select(arrow => arrow.To).Distinct().Order(StringComparer.Ordinal).Select(to => $"`{Below(to)}`"));

    // The project's own folder is named after it, those below by the way to them.
    private static string Name(string folder) => folder.Replace("src/Ptnetmap.", "", StringComparison.Ordinal);

    private static string Below(string folder) =>
        Name(folder) is var name && name.Contains('/', StringComparison.Ordinal)
            ? name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..]
            : name;

    private static string Row(string folder, string knows) => $"| `{folder}` | ... | {knows} |";

    [GeneratedRegex(
        @"^\| `(?<folder>[\w/]+)` \| [^|]{5,} \| (?<knows>[^|]*?) ?\|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex FolderRow();
}
