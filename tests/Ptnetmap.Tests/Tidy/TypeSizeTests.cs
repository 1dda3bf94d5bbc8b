using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>A type that is spread over several files is read as one, and counts as one.</summary>
public class TypeSizeTests
{
    private const int MostLinesOfType = 400;

    [Fact]
    public void Types_have_less_than_400_lines_over_all_their_parts() => Assert.Empty(
        Sizes().Where(type => type.Lines >= MostLinesOfType).Select(type => $"{type.Name}: {type.Lines} lines"));

    // A generic type is another one than its namesake.
    private static IEnumerable<(string Name, int Lines)> Sizes() =>
        from file in SourceTree.Parsed
        from space in file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
        from type in space.Members.OfType<TypeDeclarationSyntax>()
        group type by $"{space.Name}.{type.Identifier.ValueText}{type.TypeParameterList}" into parts
        select (parts.Key, parts.Sum(Lines));

    private static int Lines(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }
}
