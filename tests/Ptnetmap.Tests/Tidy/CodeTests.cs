using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>What the compiler does not check of the code: short files, short functions, one type a file, unsafe code
/// only where it is allowed.</summary>
public class CodeTests
{
    private const int MostLinesOfFile = 400;
    private const int MostLinesOfFunction = 70;

    private static readonly string[] UnsafeProjects = ["src/Ptnetmap.Linux/", "src/Ptnetmap.Memory/"];

    [Fact]
    public void The_tree_has_sources() => Assert.Contains("src/Ptnetmap.Memory/RingView.cs", Tree.Files);

    [Fact]
    public void Files_have_less_than_400_lines() => Assert.Empty(
        SourceTree.Parsed.Select(file => (file.Path, Lines: Lines(file.Root)))
            .Where(file => file.Lines >= MostLinesOfFile));

    [Fact]
    public void Functions_have_less_than_70_lines() => Assert.Empty(
        from file in SourceTree.Parsed
        from node in file.Root.DescendantNodes()
        where node is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            or AnonymousFunctionExpressionSyntax or PropertyDeclarationSyntax { ExpressionBody: not null }
        let lines = Lines(node)
        where lines >= MostLinesOfFunction
        select $"{file.Path}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}: {lines} lines");

    [Fact]
    public void Unsafe_code_is_only_in_the_projects_made_for_it() => Assert.Empty(
        from file in SourceTree.Parsed
        where !UnsafeProjects.Any(project => file.Path.StartsWith(project, StringComparison.Ordinal))
        from token in file.Root.DescendantTokens()
        where token.IsKind(SyntaxKind.UnsafeKeyword)
        select $"{file.Path}:{token.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");

    [Fact]
    public void A_source_file_holds_one_type_of_its_own_name() => Assert.Empty(
        from file in SourceTree.Under("src/")
        let types = file.Root.DescendantNodes().Where(IsTopLevelType).Select(TypeName).ToArray()
        let name = Path.GetFileName(file.Path).Split('.')[0]
        where types.Length > 1 || (types.Length == 1 && types[0] != name)
        select $"{file.Path}: {string.Join(", ", types)}");

    [Fact]
    public void No_test_sleeps_to_wait_for_something() => Assert.Empty(
        from file in SourceTree.Under("tests/")
        from call in file.Root.DescendantNodes().OfType<InvocationExpressionSyntax>()
        where call.Expression.ToString() is "Thread.Sleep" or "Task.Delay"
        select $"{file.Path}:{call.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");

    // Where there is no room for one more the runtime speaks of memory only, and its exception is taken for the end of
    // the process.
    [Fact]
    public void Threads_are_started_in_one_place() => Assert.Empty(
        from file in SourceTree.Under("src/")
        where file.Path != "src/Ptnetmap.Linux/LinuxThread.cs"
        from made in file.Root.DescendantNodes().OfType<ObjectCreationExpressionSyntax>()
        where made.Type.ToString() == "Thread" && !IsStartedByLinuxThread(made)
        select $"{file.Path}:{made.GetLocation().GetLineSpan().StartLinePosition.Line + 1}");

    // Where it is made, or from the field or variable that it is put into.
    private static bool IsStartedByLinuxThread(ObjectCreationExpressionSyntax made)
    {
        const string Start = "LinuxThread.Start";
        string? name = made.Parent switch
        {
            AssignmentExpressionSyntax assignment => assignment.Left.ToString(),
            EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax variable } => variable.Identifier.Text,
            _ => null,
        };
        IEnumerable<InvocationExpressionSyntax> starts = made.SyntaxTree.GetRoot().DescendantNodes()
            .OfType<InvocationExpressionSyntax>().Where(call => call.Expression.ToString() == Start);
        return starts.Any(call => call.DescendantNodes().Contains(made)
            || (name is not null && call.ArgumentList.Arguments[0].ToString().Split('.')[^1] == name));
    }

    private static int Lines(SyntaxNode node)
    {
        FileLinePositionSpan span = node.GetLocation().GetLineSpan();
        return span.EndLinePosition.Line - span.StartLinePosition.Line + 1;
    }

    private static bool IsTopLevelType(SyntaxNode node) =>
        node is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax
        && node.Parent is BaseNamespaceDeclarationSyntax or CompilationUnitSyntax;

    private static string TypeName(SyntaxNode node) => node switch
    {
        BaseTypeDeclarationSyntax type => type.Identifier.Text,
        DelegateDeclarationSyntax type => type.Identifier.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
