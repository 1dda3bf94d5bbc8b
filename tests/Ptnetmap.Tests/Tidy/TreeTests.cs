namespace Ptnetmap.Tests.Tidy;

/// <summary>What lies around in the tree.</summary>
public class TreeTests
{
    private static readonly string[] Folders = [".ci", "bench", "docs", "eng", "src", "tests"];

    private static readonly string[] RootFiles =
    [
        ".editorconfig", ".gitattributes", ".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "Directory.Build.props",
        "Directory.Packages.props",
        "LICENSE", "Ptnetmap.slnx", "README.md", "global.json", "ptnet", "test",
    ];

    // In pieces, or this file would be the first to name them.
    private static readonly string[] RegistryHosts =
    [
        "nuget" + ".org", "npmjs" + ".com", "pypi" + ".org", "crates" + ".io", "proxy.golang" +
            ".org", "deb.debian" + ".org",
        "archive.ubuntu" + ".com", "pkgs.dev.azure" + ".com", "repo.maven" + ".apache",
    ];

    [Fact]
    public void Every_file_is_in_a_known_place() => Assert.Empty(
        Tree.Files.Where(file => file.Contains('/', StringComparison.Ordinal)
            ? !Folders.Contains(file.Split('/')[0])
            : !RootFiles.Contains(file)));

    [Fact]
    public void Sources_are_in_a_project() => Assert.Empty(
        Tree.WithEnding(".cs").Where(file => !file.StartsWith("tests/Shared/", StringComparison.Ordinal)
            && !Tree.WithEnding(".csproj").Any(project =>
                file.StartsWith(Path.GetDirectoryName(project) + "/", StringComparison.Ordinal))));

    [Fact]
    public void No_package_registry_is_named() => Assert.Empty(
        from file in Tree.Files
        let text = Tree.Read(file)
        from host in RegistryHosts
        where text.Contains(host, StringComparison.OrdinalIgnoreCase)
        select $"{file}: {host}");

    [Fact]
    public void Text_files_end_with_one_line_feed_and_have_no_carriage_returns() => Assert.Empty(
        Tree.Files.Where(file => Tree.Read(file) is var text && text.Length > 0
            && (!text.EndsWith('\n') || text.EndsWith("\n\n", StringComparison.Ordinal)
                || text.Contains('\r', StringComparison.Ordinal))));

    [Theory]
    [InlineData("./ptnet")]
    [InlineData("./test")]
    public void The_commands_of_the_README_are_there_and_run(string command)
    {
        Assert.Contains(command, Tree.Read("README.md"), StringComparison.Ordinal);
        UnixFileMode mode = File.GetUnixFileMode(Path.Combine(Tree.Root, command));
        Assert.True(mode.HasFlag(UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute));
    }
}
