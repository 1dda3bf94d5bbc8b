namespace Ptnetmap.Linux;

/// <summary>Closes descriptors that another process passed. The last close of an open file can wait for as long as
/// whoever made it likes: for a socket's unsent data (<c>SO_LINGER</c>), for the server of a FUSE file system. So only
/// files that are known to wait for nobody are closed by the caller; all others on a thread of this class's
/// own.</summary>
internal static class ForeignFiles
{
    // One that waits holds the ones behind it up: more threads than one client can easily stop, and not without end.
    private const int MaxThreads = 64;
    private const string EventFdTarget = "anon_inode:[eventfd]";

    private static readonly Lock Gate = new();
    private static readonly Queue<int> Waiting = new();
    private static int s_threads;

    /// <summary>Closes it, now or soon.</summary>
    internal static void Close(int number)
    {
        if (WaitsForNobody(number))
        {
            _ = Libc.Close(number);
            return;
        }

        lock (Gate)
        {
            Waiting.Enqueue(number);
            if (s_threads == MaxThreads)
            {
                return;
            }

            s_threads++;
        }

        try
        {
            _ = LinuxThread.Start(new Thread(CloseAll) { Name = "ptnet-closer", IsBackground = true });
        }
        catch (LinuxException)
        {
            // No room for a thread: it stays open until the next one is closed, by a thread that can be started then.
            lock (Gate)
            {
                s_threads--;
            }
        }
    }

    // Only memfds, hugetlb files and files of tmpfs have seals; to ask for them asks no file system. Eventfds are the
    // kernel's.
    private static bool WaitsForNobody(int number) =>
        Libc.Fcntl(number, Libc.FGetSeals, 0) >= 0
        || string.Equals(new FileInfo($"/proc/self/fd/{number}").LinkTarget, EventFdTarget, StringComparison.Ordinal);

    private static void CloseAll()
    {
        while (true)
        {
            int number;
            lock (Gate)
            {
                if (!Waiting.TryDequeue(out number))
                {
                    s_threads--;
                    return;
                }
            }

            _ = Libc.Close(number);
        }
    }
}
