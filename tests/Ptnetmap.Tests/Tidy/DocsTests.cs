using System.Text.RegularExpressions;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Tidy;

/// <summary>What the documents name is there: files, folders, links, the program's options, and types. The two logs of
/// what was are left as they were written.</summary>
public partial class DocsTests
{
    private static readonly string[] Logs = ["CHANGELOG.md", "docs/performance.md"];

    // Names of others that are written as types are.
    private static readonly string[] OthersNames = ["ConcurrentGarbageCollection", "LatencyMode"];

    private static readonly Lazy<string> Code = new(
        () => string.Join('\n',
            Tree.Files.Where(file => !file.EndsWith(".md", StringComparison.Ordinal)).Select(Tree.Read)));

    private static readonly Lazy<HashSet<string>> Words = new(
        () => WordPattern().Matches(Code.Value).Select(match => match.Value).ToHashSet(StringComparer.Ordinal));

    public static TheoryData<string> Documents => [.. Tree.WithEnding(".md").Except(Logs)];

    [Theory]
    [MemberData(nameof(Documents))]
    public void Files_and_folders_that_it_names_are_there(string document) => Assert.Empty(
        Quoted(document).Where(text => FilePattern().IsMatch(text) && !IsThere(text)));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Its_links_lead_somewhere(string document) => Assert.Empty(
        LinkPattern().Matches(Tree.Read(document)).Select(match => match.Groups["to"].Value)
            .Where(to => !to.Contains("://", StringComparison.Ordinal)
                && !Path.Exists(Path.Combine(Tree.Root, Path.GetDirectoryName(document)!, to))));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Options_that_it_names_are_in_the_code(string document) => Assert.Empty(
        Quoted(document).SelectMany(text => OptionPattern().Matches(text)).Select(match => match.Value)
            .Where(option => !Code.Value.Contains(option, StringComparison.Ordinal))
            .Except(SettingTables.OfApi.Append(SettingTables.Vm)
                .SelectMany(table => table.All).Select(setting => setting.OptionName), StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Documents))]
    public void Types_and_members_that_it_names_are_in_the_code(string document) => Assert.Empty(
        Quoted(document).SelectMany(text => TypePattern().Matches(text)).Select(match => match.Value)
            .Where(name => !Words.Value.Contains(name)).Except(OthersNames, StringComparer.Ordinal));

    private static IEnumerable<string> Quoted(string document) =>
        QuotePattern().Matches(Tree.Read(document)).Select(match => match.Groups["text"].Value);

    private static bool IsThere(string name) =>
        Tree.Files.Any(file => file == name || Path.GetFileName(file) == name
            || file.StartsWith(name.TrimEnd('/') + "/", StringComparison.Ordinal));

    [GeneratedRegex("`(?<text>[^`\n]+)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex QuotePattern();

    [GeneratedRegex(@"^(?:[\w./-]+\.(?:cs|sh|csproj|props|slnx)|(?:src|tests|bench|eng|docs)/[\w./-]+)$",
        RegexOptions.None, 1000)]
    private static partial Regex FilePattern();

    [GeneratedRegex(@"\]\((?<to>[^)#\s]+)[)#]", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex LinkPattern();

    [GeneratedRegex("(?<![\\w-])--[a-z][a-z-]+", RegexOptions.None, 1000)]
    private static partial Regex OptionPattern();

    [GeneratedRegex(@"\b[A-Z][a-z]+(?:[A-Z][a-z0-9]+)+\b", RegexOptions.None, 1000)]
    private static partial Regex TypePattern();

    [GeneratedRegex(@"\w+", RegexOptions.None, 10000)]
    private static partial Regex WordPattern();
}
