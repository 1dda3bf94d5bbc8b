namespace Ptnetmap.Linux;

/// <summary>What .NET does not do with a process that we started.</summary>
public static class ChildProcess
{
    private const int SigTerm = 15;

    // The kernel's encoding of "the clock of process N": ~N << 3, by the scheduler (2).
    private const int SchedulerClock = 2;

    /// <summary>Asks it to end (<c>SIGTERM</c>).</summary>
    /// <param name="process">Its id; it must not have been waited for yet, or the id may be another's.</param>
    public static void AskToEnd(int process) => _ = Libc.Kill(process, SigTerm);

    /// <summary>CPU time that all its threads have used, in nanoseconds; 0 when it is gone.</summary>
    /// <param name="process">Its id.</param>
    public static long CpuNanosecondsOf(int process) => LinuxThread.Clock((~process << 3) | SchedulerClock);
}
