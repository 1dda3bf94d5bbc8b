using System.Globalization;
using Ptnetmap.Integration.Tests.Cli;

namespace Ptnetmap.Integration.Tests.Daemon;

/// <summary>A cgroup of a test's own, with one limit; the test is skipped where there can be none.</summary>
internal sealed class TestCgroup : IDisposable
{
    private readonly string _file;

    private TestCgroup(string folder, string file)
    {
        Folder = folder;
        _file = Path.Combine(folder, file);
    }

    /// <summary>Its folder.</summary>
    internal string Folder { get; }

    /// <summary>Limits memory, in bytes.</summary>
    internal static TestCgroup OfMemory(long bytes) =>
        Make("memory", "memory.limit_in_bytes", "memory.max", $"{bytes}");

    /// <summary>Limits threads: not at all until <see cref="Limit"/>.</summary>
    internal static TestCgroup OfThreads() => Make("pids", "pids.max", "pids.max", "max");

    /// <summary>Starts the program in it.</summary>
    internal PtnetProcess Start(params string[] arguments) =>
        PtnetProcess.StartInShell($"echo $$ > {Folder}/cgroup.procs", arguments);

    /// <summary>Limits memory to what is used now and so many bytes more.</summary>
    internal void LimitFromNow(long more)
    {
        string used = Path.Combine(Folder, "memory.current");
        used = File.Exists(used) ? used : Path.Combine(Folder, "memory.usage_in_bytes");
        Limit($"{long.Parse(File.ReadAllText(used), CultureInfo.InvariantCulture) + more}");
    }

    /// <summary>Changes the limit.</summary>
    internal void Limit(string most) => File.WriteAllText(_file, most);

    public void Dispose() =>
        // Empty only when the kernel has seen the process off.
        Assert.True(SpinWait.SpinUntil(TryRemove, TimeSpan.FromSeconds(60)));

    private static TestCgroup Make(string controller, string first, string second, string limit)
    {
        string top = $"/sys/fs/cgroup/{controller}";
        bool isFirst = Directory.Exists(top);
        var made = new TestCgroup(
            Path.Combine(isFirst ? top : "/sys/fs/cgroup", $"ptnet-test-{Guid.NewGuid():n}"), isFirst ? first : second);
        try
        {
            Directory.CreateDirectory(made.Folder);
            made.Limit(limit);
            return made;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            _ = made.TryRemove();
            Assert.Skip($"this test needs a cgroup of its own with {second}: {refusal.Message}");
            throw;
        }
    }

    private bool TryRemove()
    {
        try
        {
            if (Directory.Exists(Folder))
            {
                Directory.Delete(Folder);
            }

            return true;
        }
        catch (Exception busy) when (busy is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
