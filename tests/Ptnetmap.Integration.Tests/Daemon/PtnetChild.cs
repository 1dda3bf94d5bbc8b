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
            .SelectMany(thread =>
                Read(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries));
        _id = children.Max(child => int.Parse(child, CultureInfo.InvariantCulture));
    }

    // One that has ended is there until its next parent, which is none of ours, has waited for it.
    internal bool IsAlive =>
        Read($"/proc/{_id}/stat") is { Length: not 0 } state && state[state.LastIndexOf(')') + 2] is not ('Z' or 'X');

    internal async Task Kill()
    {
        using Process child = Process.GetProcessById(_id);
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    // Nothing of a thread or a process that has ended meanwhile.
    private static string Read(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (IOException)
        {
            return "";
        }
    }
}
