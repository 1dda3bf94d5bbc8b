using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>One folder that knows another of its project: a type that it names in its code, and the file that names
/// it.</summary>
internal sealed record FolderArrow(string From, string To, string Type, string File);

/// <summary>Which folders of a project know each other. A project's own folder is one of them, and each below it is one
/// for itself. The compiler says what a name means, so that a member, a variable or another's type of the same name is
/// none.</summary>
internal static class FolderArrows
{
    private const string ImplicitUsings =
        "global using System; global using System.Collections.Generic; global using System.IO; global using " +
            "System.Linq;"
        + "global using System.Threading; global using System.Threading.Tasks; global using Ptnetmap.Abi;";

    /// <summary>The arrows of all projects in src.</summary>
    internal static Lazy<IReadOnlyList<FolderArrow>> All { get; } = new(() => Between([.. SourceTree.Under("src/")]));

    /// <summary>The arrows between the folders of these files, which lie in src, each in the folder of its
    /// project.</summary>
    internal static IReadOnlyList<FolderArrow> Between(IReadOnlyList<(string Path, CompilationUnitSyntax Root)> files)
    {
        ILookup<string, string> foldersOfType = files
            .SelectMany(file => TypesIn(file.Root).Select(type => (Type: type, Folder: Folder(file.Path))))
            .ToLookup(place => place.Type, place => place.Folder, StringComparer.Ordinal);
        CSharpCompilation code = Compile([.. files.Select(file => file.Root.SyntaxTree)]);
        return [.. files.AsParallel().AsOrdered()
            .SelectMany(file =>
                ArrowsOf(file.Path, file.Root, code.GetSemanticModel(file.Root.SyntaxTree), foldersOfType))];
    }

    internal static string Project(string path) => string.Join('/', path.Split('/').Take(2));

    private static string Folder(string path) => Path.GetDirectoryName(path)!;

    // The compiler is asked only for names that a type in another folder of the project has, and of a file's equal ones
    // up to the first that means it: what it costs is the bodies that it looks into.
    private static IEnumerable<FolderArrow> ArrowsOf(
        string path, SyntaxNode root, SemanticModel meaning, ILookup<string, string> foldersOfType) =>
        from names in root.DescendantNodes().OfType<SimpleNameSyntax>().GroupBy(name => name.Identifier.ValueText,
            StringComparer.Ordinal)
        let elsewhere = foldersOfType[names.Key]
            .Where(folder => folder != Folder(path) && Project(folder) == Project(path)).ToHashSet()
        where elsewhere.Count > 0
        let to = names.SelectMany(name => FoldersMeant(meaning.GetSymbolInfo(name))).FirstOrDefault(elsewhere.Contains)
        where to is not null
        select new FolderArrow(Folder(path), to, names.Key, Path.GetFileName(path));

    // What the tree's packages and generators would add is not there, so that the compiler is at times left with a
    // choice.
    private static IEnumerable<string> FoldersMeant(SymbolInfo meaning) =>
        from symbol in meaning.Symbol is { } known ? [known] : meaning.CandidateSymbols
        let type = symbol as INamedTypeSymbol
            ?? (symbol is IMethodSymbol { MethodKind: MethodKind.Constructor } ? symbol.ContainingType : null)
        where type is not null
        from part in type.OriginalDefinition.DeclaringSyntaxReferences
        select Folder(part.SyntaxTree.FilePath);

    private static IEnumerable<string> TypesIn(SyntaxNode root) => root.DescendantNodes().Select(node => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.ValueText,
        DelegateDeclarationSyntax type => type.Identifier.ValueText,
        _ => null,
    }).OfType<string>();

    private static CSharpCompilation Compile(SyntaxTree[] files) => CSharpCompilation.Create(
        "src",
        [.. files, CSharpSyntaxTree.ParseText(ImplicitUsings, (CSharpParseOptions)files[0].Options)],
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(file => Path.GetFileName(file).StartsWith("System.", StringComparison.Ordinal))
            .Select(file => MetadataReference.CreateFromFile(file)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
}
