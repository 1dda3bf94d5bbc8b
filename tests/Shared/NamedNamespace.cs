using System.Diagnostics;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.TestSupport;

/// <summary>A network namespace with a name that nobody else has, as <c>ip netns</c> makes it; deleted at the end at
/// the latest.</summary>
public sealed class NamedNamespace : IDisposable
{
    private static int _count;

    private bool _isThere;

    /// <summary>Makes it, or skips the test where that cannot be.</summary>
    public NamedNamespace()
    {
        Needs.Root();
        if (Needs.FindProgram("ip") is null)
        {
            Assert.Skip("ip is not installed");
        }

        Name = $"ptnet-test-{Environment.ProcessId}-{Interlocked.Increment(ref _count)}";
        Add();
    }

    /// <summary>Its name.</summary>
    public string Name { get; }

    /// <summary>Makes it anew.</summary>
    public void Add()
    {
        Netns("add");
        _isThere = true;

        // The test's frames are the only ones.
        Run(() => File.WriteAllText("/proc/sys/net/ipv6/conf/default/disable_ipv6", "1"));
    }

    /// <summary>Takes the name away; what else keeps the namespace does so.</summary>
    public void Delete()
    {
        _isThere = false;
        Netns("del");
    }

    /// <summary>Opens it.</summary>
    public NetworkNamespace Open() => NetworkNamespace.OpenNamed(Name);

    /// <summary>Runs something in it.</summary>
    public T Run<T>(Func<T> action)
    {
        using NetworkNamespace space = Open();
        return space.Run(action);
    }

    /// <summary>Runs something in it.</summary>
    public void Run(Action action)
    {
        using NetworkNamespace space = Open();
        space.Run(action);
    }

    public void Dispose()
    {
        if (_isThere)
        {
            Delete();
        }
    }

    private void Netns(string what)
    {
        using Process process = Process.Start(Needs.FindProgram("ip")!, ["netns", what, Name]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }
}
