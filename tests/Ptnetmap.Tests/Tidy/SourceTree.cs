using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>The C# files of the tree, parsed once.</summary>
internal static class SourceTree
{
    internal static IReadOnlyList<(string Path, CompilationUnitSyntax Root)> Parsed { get; } =
        [.. Tree.WithEnding(".cs").Select(file => (file, Parse(file)))];

    internal static IEnumerable<(string Path, CompilationUnitSyntax Root)> Under(string folder) =>
        Parsed.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    private static CompilationUnitSyntax Parse(string file) =>
        CSharpSyntaxTree.ParseText(Tree.Read(file), new CSharpParseOptions(LanguageVersion.Preview), file)
            .GetCompilationUnitRoot(TestContext.Current.CancellationToken);
}
