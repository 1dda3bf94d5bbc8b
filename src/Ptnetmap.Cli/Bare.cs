using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Ptnetmap.Cli.CommandLine;

namespace Ptnetmap.Cli;

/// <summary>What can be said where hardly a file can be opened any more: by the runtime's core alone, which is loaded
/// already.</summary>
internal static class Bare
{
    // Fewer, and the runtime cannot load what it is to run.
    private const long LeastDescriptors = 64;

    // The runtime gives its threads stacks of this size; with less it comes to a stand while it starts, without a word.
    private const long LeastStack = 256 << 10;

    private const string OpenFiles = "Max open files";
    private const int StandardError = 2;

    /// <summary>A limit under which nothing works; null when there is none.</summary>
    internal static string? Obstacle() => LimitOf(OpenFiles) is < LeastDescriptors and var limit
        ? $"open files are limited to {limit} (ulimit -n), and ptnet needs at least {LeastDescriptors}; raise it"
        : LimitOf("Max stack size") is < LeastStack and var stack
        ? $"stacks are limited to {stack >> 10} KiB (ulimit -s), and ptnet needs at least {LeastStack >> 10}; raise it"
        : null;

    /// <summary>Says in one line what failed.</summary>
    /// <returns>The exit code.</returns>
    internal static int Fail(Exception failure) => Fail(Obstacle()
        ?? $"{failure.Message.ReplaceLineEndings(" ").TrimEnd()} (open files are limited to " +
        $"{LimitOf(OpenFiles)}: ulimit -n)");

    internal static int Fail(string text)
    {
        using var handle = new SafeFileHandle(StandardError, ownsHandle: false);
        using var stream = new FileStream(handle, FileAccess.Write, bufferSize: 0);
        stream.Write(Encoding.UTF8.GetBytes($"ptnet: {text}\n"));
        return ExitCode.Failure;
    }

    // "Max open files            1024                 524288               files": the first is the one that counts.
    private static long? LimitOf(string name)
    {
        try
        {
            string text = File.ReadAllText("/proc/self/limits");
            int start = text.IndexOf(name, StringComparison.Ordinal);
            string line = start < 0 ? "" : text[(start + name.Length)..].TrimStart();
            int end = line.IndexOf(' ', StringComparison.Ordinal);
            return end > 0 && long.TryParse(line[..end], NumberStyles.None, CultureInfo.InvariantCulture,
                out long limit) ? limit : null;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException)
        {
            // Not a single one is left.
            return 0;
        }
    }
}
