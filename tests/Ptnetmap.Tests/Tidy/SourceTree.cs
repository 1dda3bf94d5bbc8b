using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>The C# files of the tree, parsed once.</summary>
internal static class SourceTree
{
    internal static IReadOnlyList<(string Path, CompilationUnitSyntax Root)> Parsed { get; } =
        [.. Tree.WithEnding(".cs").Select(file => (file, Parse(file, Tree.Read(file))))];

    internal static IEnumerable<(string Path, CompilationUnitSyntax Root)> Under(string folder) =>
        Parsed.Where(file => file.Path.StartsWith(folder, StringComparison.Ordinal));

    /// <summary>A file that a test writes, to see a fault in it found.</summary>
    internal static (string Path, CompilationUnitSyntax Root) Written(string path, string code) =>
        (path, Parse(path, code));

    private static CompilationUnitSyntax Parse(string path, string code) =>
        CSharpSyntaxTree.ParseText(code, new CSharpParseOptions(LanguageVersion.Preview), path)
            .GetCompilationUnitRoot(TestContext.Current.CancellationToken);
}
