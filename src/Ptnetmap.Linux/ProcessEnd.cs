namespace Ptnetmap.Linux;

/// <summary>The end of this process.</summary>
public static class ProcessEnd
{
    /// <summary>Ends it here and now, without waiting for anything (<c>_exit(2)</c>).</summary>
    public static void Now(int code) => Libc.ExitNow(code);
}
