using Ptnetmap.Client;
using Ptnetmap.Lab.Guests;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>What is said when something fails that nothing below can mend: one line, with the limit that was reached if
/// one was, and never a stack trace unless <see cref="Variable"/> asks for one.</summary>
internal static class LastCatch
{
    /// <summary>The environment variable that has the trace shown.</summary>
    internal const string Variable = "PTNET_TRACE";

    private const int NearTheLimit = 6;

    /// <summary>Writes a line for people, or into the log where there is one.</summary>
    internal static Action<string> Tell { get; set; } = text => Console.Error.WriteLine($"ptnet: {text}");

    /// <summary>Has threads other than the first end the process with a line as well.</summary>
    internal static void Watch() => AppDomain.CurrentDomain.UnhandledException += (_, thrown) =>
    {
        if (thrown.ExceptionObject is OutOfMemoryException && IsSignalsThread && StopSignal.TryRequest())
        {
            // The run ends in good order; on return the runtime would end it here and now.
            Thread.Sleep(Timeout.Infinite);
        }

        Tell(thrown.ExceptionObject is Exception failure ? Describe(failure) : "an unknown failure");
        ProcessEnd.Now(ExitCode.Failure);
    };

    // The runtime starts a thread for each SIGTERM, SIGINT and SIGQUIT, on a thread that is not managed code's and has
    // no name.
    private static bool IsSignalsThread => Thread.CurrentThread is { Name: null, IsThreadPoolThread: false };

    internal static string Describe(Exception failure)
    {
        if (!string.IsNullOrEmpty(Environment.GetEnvironmentVariable(Variable)))
        {
            return failure.ToString();
        }

        string text = OneLine(failure);
        return Limits(failure) is { } limits ? $"{text} ({limits})" : text;
    }

    private static string OneLine(Exception failure)
    {
        Exception cause = failure is TypeInitializationException or AggregateException
            && failure.InnerException is { } inner ? inner : failure;
        bool isTold = cause is LinuxException or RegionLimitException or PipeException or SwitchException
            or GuestFailedException
            or NetmapPortException or IOException or UnauthorizedAccessException
            or Daemon.Configuration.RefusalException;
        string text = string.Join(' ',
            cause.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        return isTold || cause is OutOfMemoryException
            ? text
            : $"{cause.GetType().Name}: {text} (not foreseen; {Variable}=1 shows where)";
    }

    private static string? Limits(Exception failure)
    {
        if (ResourceLimits.Descriptors is { } files && ResourceLimits.DescriptorsInUse is > 0 and var used
            && (ulong)(used + NearTheLimit) >= files)
        {
            return $"open files: {used} of {files} are in use; raise the limit (ulimit -n)";
        }

        // The runtime says so of threads that cannot be started, too.
        if (failure is not OutOfMemoryException
            and not TypeInitializationException { InnerException: OutOfMemoryException })
        {
            return null;
        }

        return $"there is no room for another thread or more memory; {ResourceLimits.DescribeThreads()}";
    }
}
