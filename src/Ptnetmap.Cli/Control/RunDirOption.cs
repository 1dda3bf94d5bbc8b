using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Hosting;

namespace Ptnetmap.Cli.Control;

/// <summary><c>--run-dir</c>, which every command has: it says which daemon is meant.</summary>
internal static class RunDirOption
{
    internal static Option<string?> Option { get; } = new("--run-dir")
    {
        Description = "Run directory of the daemon that is meant. Default: " +
            $"${RunDirectory.Variable}, /run/ptnet (root), $XDG_RUNTIME_DIR/ptnet.",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>The directory that a command line means.</summary>
    /// <exception cref="UsageException">No directory can be called so.</exception>
    /// <exception cref="RunDirectoryException">None is named, and there is no usual one.</exception>
    internal static string Read(ParseResult parsed)
    {
        string? named = parsed.GetValue(Option);
        try
        {
            return RunDirectory.Choose(named);
        }
        catch (RunDirectoryException wrong) when (named is not null)
        {
            throw new UsageException(wrong.Message);
        }
    }
}
