using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ptnetmap.Tests.Tidy;

/// <summary>Lines fit beside each other in a review: .editorconfig says how long, which no analyser looks at.</summary>
public class LineLengthTests
{
    [Fact]
    public void Lines_are_at_most_as_long_as_editorconfig_says()
    {
        const string Setting = "max_line_length = ";
        int most = int.Parse(Tree.Read(".editorconfig").Split('\n')
            .Single(line => line.StartsWith(Setting, StringComparison.Ordinal))[Setting.Length..]);
        Assert.InRange(most, 80, 120);
        Assert.Empty(
            from file in SourceTree.Parsed
            from line in TooLong(file.Root, most)
            select $"{file.Path}:{line}");
    }

    // A raw literal is a text as it is: nobody can break its lines.
    private static IEnumerable<int> TooLong(CompilationUnitSyntax root, int most)
    {
        SourceText text = root.GetText();
        TextLine[] lines = [.. text.Lines.Where(line => line.Span.Length > most)];
        return lines.Length == 0
            ? []
            : lines.Where(line => !IsRaw(root, line)).Select(line => line.LineNumber + 1);
    }

    private static bool IsRaw(CompilationUnitSyntax root, TextLine line) =>
        root.DescendantNodes(line.Span)
            .Any(node => node.Span.IntersectsWith(line.Span) && node switch
            {
                LiteralExpressionSyntax literal => literal.Token.Text.StartsWith("\"\"\"", StringComparison.Ordinal),
                InterpolatedStringExpressionSyntax text => text.StringStartToken.IsKind(
                    SyntaxKind.InterpolatedSingleLineRawStringStartToken)
                    || text.StringStartToken.IsKind(SyntaxKind.InterpolatedMultiLineRawStringStartToken),
                _ => false,
            });
}
