using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Ptnetmap.Tests.Tidy;

/// <summary>Folders whose types know each other in one direction only, so that each can be read, and changed, without
/// those above it. A name counts wherever it stands in code; comments do not.</summary>
public class CycleTests
{
    [Theory]
    [InlineData("src/Ptnetmap.HostPorts/Nic/")]
    [InlineData("src/Ptnetmap.HostPorts/Supervision/")]
    [InlineData("src/Ptnetmap.HostPorts/Tap/")]
    [InlineData("src/Ptnetmap.HostPorts/Xdp/")]
    [InlineData("src/Ptnetmap.Ports/Switching/")]
    [InlineData("src/Ptnetmap.Transports/Mapping/")]
    [InlineData("src/Ptnetmap.Transports/Serving/")]
    public void No_types_of_the_folder_know_each_other_in_a_circle(string folder)
    {
        Dictionary<string, HashSet<string>> known = SourceTree.Under(folder)
            .GroupBy(file => Path.GetFileName(file.Path).Split('.')[0], StringComparer.Ordinal)
            .ToDictionary(
                type => type.Key,
                type => type.SelectMany(file => NamesIn(file.Root)).ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal);
        Assert.NotEmpty(known);

        // Those who know nobody that is left go first; who stays is in a circle, or above one.
        while (known.Keys.FirstOrDefault(type =>
            !known[type].Any(other => other != type && known.ContainsKey(other))) is { } bottom)
        {
            known.Remove(bottom);
        }

        Assert.Empty(known.Select(type => $"{type.Key} -> " +
            $"{string.Join(", ", type.Value.Where(other => other != type.Key && known.ContainsKey(other)))}"));
    }

    // A member that has the name of a type is no mention of the type.
    private static IEnumerable<string> NamesIn(SyntaxNode root) =>
        root.DescendantNodes().OfType<SimpleNameSyntax>()
            .Where(name => name.Parent is not MemberAccessExpressionSyntax access || access.Name != name)
            .Select(name => name.Identifier.ValueText);
}
