using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Service;

/// <summary>The runtime's pool of threads, on which the API is served. It starts threads as it likes, and when there is
/// no room for one (<c>ulimit -u</c>, <c>pids.max</c>, <c>ulimit -v</c>) it throws where nobody can catch it, which
/// ends the process. So a daemon has all that its pool may have from the start, and they stay (<c>ThreadTimeoutMs</c>
/// of the program).</summary>
public static class PoolThreads
{
    /// <summary>Threads of the pool. A change that waits for another one, or for a guest, holds one for
    /// seconds.</summary>
    public const int Count = 24;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Makes them all, and those that the runtime has for timers and for the pool itself.</summary>
    /// <exception cref="LinuxException">There is no room for so many; the message names the limits.</exception>
    public static void Fill()
    {
        RequireRoom();
        _ = ThreadPool.SetMinThreads(Count, Count) && ThreadPool.SetMaxThreads(Count, Count);
        using var timer = new Timer(_ => { }, null, TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);

        // Not disposed of: the threads may still be on their way out of them.
#pragma warning disable CA2000
        var all = new CountdownEvent(Count);
        var go = new ManualResetEventSlim();
#pragma warning restore CA2000
        for (int i = 0; i < Count; i++)
        {
            // Each is held until there are as many: so none takes another one's turn.
            _ = ThreadPool.UnsafeQueueUserWorkItem(
                _ =>
                {
                    _ = all.Signal();
                    go.Wait();
                },
                null);
        }

        bool filled = all.Wait(Patience);
        go.Set();
        if (!filled)
        {
            throw new LinuxException(
                $"{all.InitialCount - all.CurrentCount} of {Count} threads of the pool came within " +
                $"{Patience.TotalSeconds:0} s; {ResourceLimits.DescribeThreads()}");
        }
    }

    // With threads of our own first: what fails here can be told.
    private static void RequireRoom()
    {
        using var go = new ManualResetEventSlim();
        var made = new List<Thread>();
        try
        {
            while (made.Count < Count)
            {
                made.Add(LinuxThread.Start(new Thread(go.Wait) { Name = "ptnet-pool", IsBackground = true }));
            }
        }
        finally
        {
            go.Set();
            made.ForEach(thread => thread.Join());
        }
    }
}
