using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>Addresses stay below the wall: nobody else can make one, be given one, or hand one on.</summary>
public class AddressTests
{
    private static readonly string[] ProjectsBelow = ["src/Ptnetmap.Linux/", "src/Ptnetmap.Memory/"];

    [Fact]
    public void Addresses_are_only_in_the_projects_made_for_them() => Assert.Empty(
        from file in SourceTree.Under("src/")
        where !IsBelowTheWall(file.Path)
        from type in file.Root.DescendantNodes().Where(IsAddress)
        select $"{file.Path}:{type.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {type}");

    [Fact]
    public void Those_projects_offer_no_addresses_to_others() => Assert.Empty(
        from file in SourceTree.Under("src/")
        where IsBelowTheWall(file.Path)
        from member in file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member.Modifiers.Any(SyntaxKind.PublicKeyword)
            && member.Ancestors().OfType<TypeDeclarationSyntax>().All(type => type.Modifiers.Any(SyntaxKind.PublicKeyword))
            && SignatureOf(member).Any(part => part is not null && part.DescendantNodesAndSelf().Any(IsAddress))
        select $"{file.Path}:{member.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");

    private static bool IsBelowTheWall(string path) =>
        ProjectsBelow.Any(project => path.StartsWith(project, StringComparison.Ordinal));

    private static bool IsAddress(SyntaxNode node) =>
        node is PointerTypeSyntax or FunctionPointerTypeSyntax
            or IdentifierNameSyntax { Identifier.ValueText: "nint" or "nuint" or "IntPtr" or "UIntPtr" };

    private static IEnumerable<SyntaxNode?> SignatureOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => [method.ReturnType, method.ParameterList],
        BaseMethodDeclarationSyntax other => [other.ParameterList],
        IndexerDeclarationSyntax indexer => [indexer.Type, indexer.ParameterList],
        BasePropertyDeclarationSyntax property => [property.Type],
        BaseFieldDeclarationSyntax field => [field.Declaration.Type],
        DelegateDeclarationSyntax @delegate => [@delegate.ReturnType, @delegate.ParameterList],
        TypeDeclarationSyntax type => [type.ParameterList],
        _ => [],
    };
}
