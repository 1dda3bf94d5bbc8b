using System.Diagnostics;
using System.Globalization;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>The process that a <c>ptnet</c> has started, the last one of them.</summary>
internal sealed class PtnetChild
{
    private readonly int _id;

    internal PtnetChild(int parent)
    {
        // A child may be any thread's; one that has ended may not have been waited for yet.
        IEnumerable<string> children = Directory.EnumerateDirectories($"/proc/{parent}/task")
            .SelectMany(thread => File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        _id = children.Max(child => int.Parse(child, CultureInfo.InvariantCulture));
    }

    internal bool IsAlive => Directory.Exists($"/proc/{_id}");

    internal async Task Kill()
    {
        using Process child = Process.GetProcessById(_id);
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
