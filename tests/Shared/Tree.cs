namespace Ptnetmap.TestSupport;

/// <summary>The source tree that the tests were built from.</summary>
public static class Tree
{
    // ".git" is a folder in a clone and a file in a worktree.
    private static readonly string[] BuiltFolders =
        ["bin", "obj", "artifacts", ".git", "TestResults", "BenchmarkDotNet.Artifacts", ".vs", ".idea", ".vscode"];

    /// <summary>The folder of the solution file, found upwards of the test's own executable.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Every file that is not built, as a path below <see cref="Root"/>.</summary>
    public static IReadOnlyList<string> Files { get; } =
        [.. Walk(new DirectoryInfo(Root)).Select(file => Path.GetRelativePath(Root, file))
            .Order(StringComparer.Ordinal)];

    /// <summary>The files with this ending, of this top folder if one is given.</summary>
    public static IEnumerable<string> WithEnding(string ending, string under = "") =>
        Files.Where(file =>
            file.EndsWith(ending, StringComparison.Ordinal) && file.StartsWith(under, StringComparison.Ordinal));

    /// <summary>The text of a file of <see cref="Files"/>.</summary>
    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IEnumerable<string> Walk(DirectoryInfo folder) =>
        folder.EnumerateFiles().Where(file => !BuiltFolders.Contains(file.Name)).Select(file => file.FullName).Concat(
            folder.EnumerateDirectories().Where(inner => !BuiltFolders.Contains(inner.Name)).SelectMany(Walk));

    private static string FindRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Ptnetmap.slnx")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName
            ?? throw new DirectoryNotFoundException($"no Ptnetmap.slnx above {AppContext.BaseDirectory}");
    }
}
