namespace Ptnetmap.Linux;

/// <summary>What the kernel knows of the calling thread and of this process.</summary>
public static class LinuxThread
{
    private const int ClockThreadCpu = 3;
    private const int ClockMonotonic = 1;

    // The kernel's encoding of "the clock of thread N": ~N << 3, per thread (4), by the scheduler (2).
    private const int PerThreadSchedulerClock = 4 | 2;
    private const int ClockProcessCpu = 2;
    private const int MaxCpus = 1024;
    private const int VoluntarySwitches = 16;
    private const int Batch = 3;
    private const int ProcessPriority = 0;
    private const int MostTime = -19;

    /// <summary>The calling thread's kernel id.</summary>
    public static int Id => Libc.GetTid();

    /// <summary>CPU time that the calling thread has used, in nanoseconds.</summary>
    public static long CpuNanoseconds => Clock(ClockThreadCpu);

    /// <summary>CPU time that another thread of this process has used, in nanoseconds; 0 when there is no such
    /// thread.</summary>
    /// <param name="thread">Its kernel id.</param>
    public static long CpuNanosecondsOf(int thread) => Clock((~thread << 3) | PerThreadSchedulerClock);

    /// <summary>CPU time that all threads of the process have used, in nanoseconds.</summary>
    public static long ProcessCpuNanoseconds => Clock(ClockProcessCpu);

    /// <summary>The monotonic clock, in nanoseconds.</summary>
    public static long MonotonicNanoseconds => Clock(ClockMonotonic);

    /// <summary>How often a thread of this process has gone to sleep and been woken (<c>ru_nvcsw</c>).</summary>
    public static unsafe long ProcessVoluntarySwitches
    {
        get
        {
            long* usage = stackalloc long[18];
            return Libc.GetRusage(0, usage) == 0 ? usage[VoluntarySwitches] : 0;
        }
    }

    /// <summary>Starts a thread. All of the project's are started here: where there is no room for one more, the
    /// runtime speaks of memory only, and whoever asked is to learn of the limit.</summary>
    /// <param name="thread">The thread, made and not started.</param>
    /// <returns>The thread. It is not to be joined when this method throws: it never ran.</returns>
    /// <exception cref="LinuxException">The kernel has no room for it; the message names the limits (errno
    /// <c>EAGAIN</c>).</exception>
    public static Thread Start(Thread thread) => Start(thread, static made => made.Start());

    /// <summary>The same, with a way to start it that a test chooses.</summary>
    internal static Thread Start(Thread thread, Action<Thread> start)
    {
        try
        {
            start(thread);
            return thread;
        }
        catch (Exception full) when (full is OutOfMemoryException or ThreadStartException)
        {
            throw new LinuxException(
                $"starting thread {thread.Name ?? "(no name)"}", Libc.EAgain,
                "there is no room for another thread; " +
                $"{ResourceLimits.DescribeThreads()}; raise the one that is reached");
        }
    }

    /// <summary>Binds the calling thread to one CPU.</summary>
    /// <exception cref="LinuxException">There is no such CPU, or the process may not use it.</exception>
    public static unsafe void Pin(int cpu)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(cpu);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(cpu, MaxCpus);
        byte* mask = stackalloc byte[MaxCpus / 8];
        new Span<byte>(mask, MaxCpus / 8).Clear();
        mask[cpu / 8] = (byte)(1 << (cpu % 8));
        if (Libc.SchedSetAffinity(0, MaxCpus / 8, mask) != 0)
        {
            throw LinuxException.Last($"sched_setaffinity(cpu {cpu})",
                "choose a CPU that `nproc` and the cpuset allow");
        }
    }

    /// <summary>Has the calling thread, and those that it starts from now on, run in long turns (<c>sched(7)</c>): when
    /// it is woken it does not interrupt others (<c>SCHED_BATCH</c>), and what it wakes does not interrupt it (nice
    /// -19). So each turn finds more to do. A program that computes without a pause is interrupted by the scheduler's
    /// tick only.</summary>
    /// <returns>False when the kernel refuses: a nice value below 0 is for root (CAP_SYS_NICE).</returns>
    public static unsafe bool TryTakeLongTurns()
    {
        int priority = 0;
        return Libc.SchedSetScheduler(0, Batch, &priority) == 0 && Libc.SetPriority(ProcessPriority, 0, MostTime) == 0;
    }

    /// <summary>What one of the kernel's clocks says, in nanoseconds; 0 when there is no such clock.</summary>
    internal static unsafe long Clock(int clock)
    {
        TimeSpec value;
        return Libc.ClockGetTime(clock, &value) == 0 ? value.ToNanoseconds() : 0;
    }
}
