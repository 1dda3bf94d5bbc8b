using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>A type that is spread over several files is read as one, and counts as one.</summary>
public class TypeSizeTests
{
    private const int MostLinesOfType = 400;

    [Fact]
    public void Types_have_less_than_400_lines_over_all_their_parts() => Assert.Empty(
        TooLong(SourceTree.Parsed));

    [Fact]
    public void A_type_that_is_too_long_over_its_parts_is_found_and_its_namesakes_are_not() => Assert.Equal(
        ["N.C: 400 lines", "N.E: 400 lines"],
        TooLong(
        [
            Written("N", "partial class C", 200), Written("N", "partial class C", 200), Written("N",
                "partial class C<T>", 399),
            Written("M", "partial class C", 399), Written("N", "enum E", 400),
        ]));

    // A generic type is another one than its namesake.
    private static IEnumerable<string> TooLong(IEnumerable<(string Path, CompilationUnitSyntax Root)> files) =>
        from file in files
        from type in file.Root.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        where type.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax
        group type by $"{(type.Parent as BaseNamespaceDeclarationSyntax)?.Name}.{type.Identifier.ValueText}"
            + (type as TypeDeclarationSyntax)?.TypeParameterList into parts
        let lines = parts.Sum(Lines)
        where lines >= MostLinesOfType
        select $"{parts.Key}: {lines} lines";

    private static (string Path, CompilationUnitSyntax Root) Written(string space, string type, int lines) =>
        SourceTree.Written("src/P/Part.cs", $"namespace {space};\n{type}\n{{{new string('\n', lines - 2)}}}\n");

    private static int Lines(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
