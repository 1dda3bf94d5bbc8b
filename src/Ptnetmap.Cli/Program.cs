using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Cli.Guests;
using Ptnetmap.Guest;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Cli;

/// <summary>Entry of <c>ptnet</c>: parses, runs, and turns what goes wrong into one line and an exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        ParseResult parsed = PtnetCommand.Create().Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            return UsageErrors.Report(parsed, Console.Error);
        }

        try
        {
            var configuration = new InvocationConfiguration
            {
                // A command stops its own run on a signal and then says what it measured: no killing from outside.
                ProcessTerminationTimeout = null,
                EnableDefaultExceptionHandler = false,
            };
            return parsed.Invoke(configuration);
        }
        catch (UsageException mistake)
        {
            Console.Error.WriteLine($"ptnet: {mistake.Message}");
            return ExitCode.Usage;
        }
        catch (Exception failure) when (failure is LinuxException or RegionLimitException or PipeException
            or SwitchException or GuestFailedException or NetmapPortException or IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"ptnet: {failure.Message}");
            return ExitCode.Failure;
        }
    }
}
