using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>Addresses stay below the wall: nobody else can make one, be given one, or hand one on.</summary>
public class AddressTests
{
    private static readonly string[] ProjectsBelow = ["src/Ptnetmap.Linux/", "src/Ptnetmap.Memory/"];

    [Fact]
    public void Addresses_are_only_in_the_projects_made_for_them() =>
        Assert.Empty(AddressesAbove(SourceTree.Under("src/")));

    [Fact]
    public void Those_projects_offer_no_addresses_to_others() =>
        Assert.Empty(AddressesOffered(SourceTree.Under("src/")));

    [Theory]
    [InlineData("class C { int* Field; }")]
    [InlineData("class C { void Do() { nint local = 0; } }")]
    [InlineData("class C { delegate*<int, void> Field; }")]
    [InlineData("class C { object Make() => new System.Collections.Generic.List<System.UIntPtr>(); }")]
    public void An_address_above_the_wall_is_found(string code) =>
        Assert.Equal(["src/Ptnetmap.Ports/C.cs:1"],
            AddressesAbove([SourceTree.Written("src/Ptnetmap.Ports/C.cs", code)]).Select(Place));

    [Theory]
    [InlineData("public class C { public nint Address { get; } }")]
    [InlineData("public class C { public C(System.IntPtr address) { } }")]
    [InlineData("public class C { protected nint _address; }")]
    [InlineData("public class C { public static explicit operator nint(C made) => 0; }")]
    [InlineData("public record struct C(nuint Address);")]
    [InlineData("public interface C { nint Address { get; } }")]
    [InlineData("public class C { public class In { public unsafe void Do(byte* first) { } } }")]
    [InlineData("public delegate void C(nint address);")]
    public void An_address_that_is_offered_is_found(string code) =>
        Assert.Equal(["src/Ptnetmap.Linux/C.cs:1"],
            AddressesOffered([SourceTree.Written("src/Ptnetmap.Linux/C.cs", code)]));

    [Theory]
    [InlineData("public class C { internal nint Address { get; } private protected C(nint address) { } }")]
    [InlineData("class C { public nint Address { get; } }")]
    [InlineData("public class C { public int Length() { nint here = 0; return (int)here; } }")]
    public void An_address_that_stays_below_is_none_of_them(string code) =>
        Assert.Empty(AddressesOffered([SourceTree.Written("src/Ptnetmap.Linux/C.cs", code)]));

    private static IEnumerable<string> AddressesAbove(IEnumerable<(string Path, CompilationUnitSyntax Root)> files) =>
        from file in files
        where !IsBelowTheWall(file.Path)
        from type in file.Root.DescendantNodes().Where(IsAddress)
        select $"{file.Path}:{type.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {type}";

    private static IEnumerable<string> AddressesOffered(IEnumerable<(string Path, CompilationUnitSyntax Root)> files) =>
        from file in files
        where IsBelowTheWall(file.Path)
        from member in file.Root.DescendantNodes().OfType<MemberDeclarationSyntax>()
        where member.AncestorsAndSelf().OfType<MemberDeclarationSyntax>().All(IsOffered)
            && SignatureOf(member).Any(part => part is not null && part.DescendantNodesAndSelf().Any(IsAddress))
        select $"{file.Path}:{member.GetLocation().GetLineSpan().StartLinePosition.Line + 1}";

    private static string Place(string found) => found[..found.IndexOf(": ", StringComparison.Ordinal)];

    // A namespace hides nothing, and what an interface has is its users'.
    private static bool IsOffered(MemberDeclarationSyntax member) =>
        member is BaseNamespaceDeclarationSyntax
        || member.Modifiers.Any(SyntaxKind.PublicKeyword)
        || (member.Modifiers.Any(SyntaxKind.ProtectedKeyword) && !member.Modifiers.Any(SyntaxKind.PrivateKeyword))
        || (member.Parent is InterfaceDeclarationSyntax && member.Modifiers.Count == 0);

    private static bool IsBelowTheWall(string path) =>
        ProjectsBelow.Any(project => path.StartsWith(project, StringComparison.Ordinal));

    private static bool IsAddress(SyntaxNode node) =>
        node is PointerTypeSyntax or FunctionPointerTypeSyntax
            or IdentifierNameSyntax { Identifier.ValueText: "nint" or "nuint" or "IntPtr" or "UIntPtr" };

    private static IEnumerable<SyntaxNode?> SignatureOf(MemberDeclarationSyntax member) => member switch
    {
        MethodDeclarationSyntax method => [method.ReturnType, method.ParameterList],
        ConversionOperatorDeclarationSyntax conversion => [conversion.Type, conversion.ParameterList],
        OperatorDeclarationSyntax operation => [operation.ReturnType, operation.ParameterList],
        BaseMethodDeclarationSyntax other => [other.ParameterList],
        IndexerDeclarationSyntax indexer => [indexer.Type, indexer.ParameterList],
        BasePropertyDeclarationSyntax property => [property.Type],
        BaseFieldDeclarationSyntax field => [field.Declaration.Type],
        DelegateDeclarationSyntax @delegate => [@delegate.ReturnType, @delegate.ParameterList],
        TypeDeclarationSyntax type => [type.ParameterList],
        _ => [],
    };
}
