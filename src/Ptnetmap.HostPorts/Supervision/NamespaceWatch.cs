using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Supervision;

/// <summary>Hears of network namespaces that lose their name (<c>ip netns del</c>) or get one. The sockets of a port
/// keep its namespace alive, and the interfaces in it, for as long as they are open: who deletes it has to be heard of.
/// One thread, asleep while no file system is mounted; there is none while nobody watches.</summary>
public sealed class NamespaceWatch : IDisposable
{
    private const ulong ControlTag = 0;
    private const ulong TableTag = 1;
    private const int MillisecondsToNextTry = 1000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly List<Entry> _entries = [];
    private readonly EventFd _control = new();
    private Thread? _thread;
    private volatile bool _stop;

    /// <summary>Whether a namespace can get this name later. One below <c>/proc</c> is there or never.</summary>
    /// <param name="name">As <see cref="NetworkNamespace.OpenNamed"/> takes it.</param>
    public static bool MayCome(string name) =>
        !NamespaceNames.PathOf(name).StartsWith("/proc/", StringComparison.Ordinal);

    /// <summary>Watches a name, whether or not there is a namespace of it. One that is none of a mounted namespace
    /// (<c>/proc/N/ns/net</c>) is never told of: its namespace stays as long as the port.</summary>
    /// <param name="name">As <see cref="NetworkNamespace.OpenNamed"/> takes it.</param>
    /// <param name="changed">Told, on a thread of its own and never two at a time, false when the name does not lead to
    /// the namespace any more, and true when it leads to another one. A call may still come after the end of the
    /// watch.</param>
    /// <returns>Ends the watch when it is disposed of.</returns>
    public IDisposable Watch(string name, Action<bool> changed)
    {
        string path = NamespaceNames.PathOf(name);
        lock (_lock)
        {
            var entry = new Entry(this, path, changed);
            if (MayCome(name) || NamespaceNames.Read().ContainsKey(path))
            {
                // The table tells of changes from its opening on.
                Start();
                entry.Id = NamespaceNames.Read().GetValueOrDefault(path);
                _entries.Add(entry);
            }

            return entry;
        }
    }

    /// <summary>Ends all watches.</summary>
    public void Dispose()
    {
        _stop = true;
        _control.Signal();

        // Who is told may be at something that takes long; the thread is left to it then.
        if (_thread?.Join(Patience) ?? true)
        {
            _control.Dispose();
        }
    }

    private void Start()
    {
        if (_thread is null)
        {
            var table = new NamespaceNames();
            try
            {
                _thread = LinuxThread.Start(new Thread(() => Run(table)) { Name = "ptnet-netns", IsBackground = true });
            }
            catch
            {
                table.Dispose();
                throw;
            }
        }
    }

    private void Run(NamespaceNames table)
    {
        using (table)
        using (var epoll = new Epoll())
        {
            table.TellOfChanges(epoll, TableTag);
            epoll.Watch(_control.Descriptor, ControlTag);
            var events = new EpollEvent[1];
            bool again = false;
            while (!_stop)
            {
                _ = epoll.Wait(events, again ? MillisecondsToNextTry : -1);
                again = !TryLook();
            }
        }
    }

    // A process without a descriptor left cannot look, and is not to die of it: it looks again.
    private bool TryLook()
    {
        try
        {
            Look(NamespaceNames.Read());
            return true;
        }
        catch (Exception failure) when (failure is LinuxException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    // Without the lock: who is told may end the watch, or wait for somebody who does.
    private void Look(IReadOnlyDictionary<string, ulong> names)
    {
        Entry[] entries;
        lock (_lock)
        {
            entries = [.. _entries];
        }

        foreach (Entry entry in entries)
        {
            ulong before = entry.Id;
            ulong now = names.GetValueOrDefault(entry.Path);
            if (now == before)
            {
                continue;
            }

            entry.Id = now;
            if (before != 0)
            {
                entry.Changed(false);
            }

            if (now != 0)
            {
                entry.Changed(true);
            }
        }
    }

    private sealed class Entry(NamespaceWatch owner, string path, Action<bool> changed) : IDisposable
    {
        internal string Path => path;

        internal Action<bool> Changed => changed;

        internal ulong Id { get; set; }

        public void Dispose()
        {
            lock (owner._lock)
            {
                _ = owner._entries.Remove(this);
            }
        }
    }
}
