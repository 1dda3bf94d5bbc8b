using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Ptnetmap.Tests.Tidy;

/// <summary>Projects, packages and the arrows between the rooms of docs/architecture.md.</summary>
public partial class ProjectTests
{
    // Whom a room may know. A room that is not here has no place in docs/architecture.md yet.
    private static readonly Dictionary<string, string[]> Arrows = new(StringComparer.Ordinal)
    {
        ["Abi"] = [],
        ["Linux"] = ["Abi"],
        ["Memory"] = ["Linux", "Abi"],
        ["Ports"] = ["Memory", "Linux", "Abi"],
        ["HostPorts"] = ["Ports", "Memory", "Linux", "Abi"],
        ["Passthrough"] = ["Ports", "Memory", "Linux", "Abi"],
        ["Client"] = ["Memory", "Linux", "Abi"],
        ["Traffic"] = ["Client", "Memory", "Linux", "Abi"],
        ["PciGuest"] = ["Client", "Memory", "Linux", "Abi"],
        ["MicroVm"] = ["Passthrough", "Traffic", "Client", "Ports", "Memory", "Linux", "Abi"],
        ["Transports"] = ["Memory", "Linux", "Abi"],
        ["Qemu"] = ["Transports", "Passthrough", "Ports", "Memory", "Linux", "Abi"],
        ["Daemon"] = ["Qemu", "Transports", "HostPorts", "Passthrough", "Traffic", "Client", "Ports", "Memory",
            "Linux", "Abi"],
        ["Lab"] = ["Daemon", "HostPorts", "Qemu", "MicroVm", "Passthrough", "Traffic", "Client", "Ports", "Memory",
            "Linux", "Abi"],
        ["Cli"] = ["Lab", "Daemon", "HostPorts", "Qemu", "MicroVm", "PciGuest", "Passthrough", "Traffic", "Client",
            "Ports", "Memory", "Linux", "Abi"],
    };

    private static readonly string[] UnsafeProjects = ["src/Ptnetmap.Linux", "src/Ptnetmap.Memory"];

    public static TheoryData<string> SourceProjects => [.. Tree.WithEnding(".csproj", "src/")];

    [Fact]
    public void The_solution_lists_every_project_and_no_other() => Assert.Equal(
        Tree.WithEnding(".csproj").Order(StringComparer.Ordinal),
        Load("Ptnetmap.slnx").Descendants("Project").Select(project => project.Attribute("Path")!.Value)
            .Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_room_knows_only_those_below_it(string project)
    {
        string room = Room(project);
        Assert.True(Arrows.TryGetValue(room, out string[]? below),
            $"{room} is not in the arrows of docs/architecture.md");
        Assert.Empty(References(project).Except(below));
    }

    [Theory]
    [MemberData(nameof(SourceProjects))]
    public void A_room_is_described_in_the_architecture(string project) =>
        Assert.Contains($"| `Ptnetmap.{Room(project)}` |", Tree.Read("docs/architecture.md"), StringComparison.Ordinal);

    [Fact]
    public void Unsafe_blocks_are_allowed_only_in_the_projects_made_for_them() => Assert.Equal(
        UnsafeProjects,
        Tree.WithEnding(".csproj")
            .Where(project => Load(project).Descendants("AllowUnsafeBlocks").Any(set => set.Value != "false"))
            .Select(Path.GetDirectoryName));

    [Fact]
    public void A_project_states_no_version_of_its_own() => Assert.Empty(
        Tree.WithEnding(".csproj").Where(project => Load(project).Descendants("PackageReference")
            .Any(package =>
                package.Attribute("Version") is not null || package.Attribute("VersionOverride") is not null)));

    [Fact]
    public void Every_package_has_a_reason_and_every_reason_a_package() => Assert.Equal(
        PackageVersions().Order(StringComparer.Ordinal),
        ReasonLine().Matches(Tree.Read("docs/dependencies.md")).Select(match => match.Groups["package"].Value)
            .Order(StringComparer.Ordinal));

    private static IEnumerable<string> PackageVersions() =>
        Load("Directory.Packages.props").Descendants("PackageVersion")
            .Select(package => package.Attribute("Include")!.Value);

    private static string Room(string project) =>
        Path.GetFileNameWithoutExtension(project).Replace("Ptnetmap.", "", StringComparison.Ordinal);

    private static IEnumerable<string> References(string project) =>
        Load(project).Descendants("ProjectReference").Select(reference => Room(reference.Attribute("Include")!.Value));

    private static XDocument Load(string file) => XDocument.Parse(Tree.Read(file));

    // A row of the table with three filled columns; its head and its rule are no packages.
    [GeneratedRegex(@"^\| (?!package )(?<package>[\w.]+) \| [^|]+ \| [^|]{10,} \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReasonLine();
}
