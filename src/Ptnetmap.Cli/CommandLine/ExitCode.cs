namespace Ptnetmap.Cli.CommandLine;

/// <summary>What <c>ptnet</c> ends with.</summary>
internal static class ExitCode
{
    /// <summary>All went well.</summary>
    internal const int Success = 0;

    /// <summary>It did not work: the machine refused something, or frames were lost where none may be.</summary>
    internal const int Failure = 1;

    /// <summary>The command line was wrong; nothing was done.</summary>
    internal const int Usage = 2;

    /// <summary>Stopped by SIGINT or SIGTERM, as shells count it (128 + 2).</summary>
    internal const int Interrupted = 130;
}
