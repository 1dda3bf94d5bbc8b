namespace Ptnetmap.Linux;

/// <summary>What .NET does not do with a process that we started.</summary>
public static class ChildProcess
{
    private const int SigTerm = 15;

    /// <summary>Asks it to end (<c>SIGTERM</c>).</summary>
    /// <param name="process">Its id; it must not have been waited for yet, or the id may be another's.</param>
    public static void AskToEnd(int process) => _ = Libc.Kill(process, SigTerm);
}
