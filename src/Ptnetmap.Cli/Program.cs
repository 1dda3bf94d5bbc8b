using System.CommandLine;
using System.Runtime.CompilerServices;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli;

/// <summary>Entry of <c>ptnet</c>: parses, runs, and turns what goes wrong into one line and an exit code.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        try
        {
            return Guarded(arguments);
        }
#pragma warning disable CA1031 // Not even what says what is wrong could be loaded.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            return Bare.Fail(failure);
        }
    }

    // Apart from Main, as is Run: what a method needs is loaded when it is called, the console before anything can be
    // said.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Guarded(string[] arguments)
    {
        if (Bare.Obstacle() is { } obstacle)
        {
            return Bare.Fail(obstacle);
        }

        StandardDescriptors.Fill();
        try
        {
            SetConsole();
            LastCatch.Watch();
            return Run(arguments);
        }
        catch (UsageException mistake)
        {
            Console.Error.WriteLine($"ptnet: {mistake.Message}");
            return ExitCode.Usage;
        }
#pragma warning disable CA1031 // Whatever it is, its user gets one line.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            LastCatch.Tell(LastCatch.Describe(failure));
            return ExitCode.Failure;
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] arguments)
    {
        ParseResult parsed = PtnetCommand.Create().Parse(arguments);
        if (parsed.Errors.Count > 0 || UsageErrors.TakenForArguments(parsed).Any())
        {
            return UsageErrors.Report(parsed, Console.Error);
        }

        var configuration = new InvocationConfiguration
        {
            // A command stops its own run on a signal and then says what it measured: no killing from outside.
            ProcessTerminationTimeout = null,
            EnableDefaultExceptionHandler = false,
        };
        return parsed.Invoke(configuration);
    }

    // Writers of our own: the runtime's would switch a terminal's keypad into application mode, and leave it there.
    // Where one was closed, nothing is written.
    private static void SetConsole()
    {
        Console.SetOut(WriterOf(StandardDescriptors.OpenOutput()));
        Console.SetError(WriterOf(StandardDescriptors.OpenError()));
    }

    private static PrintedWriter WriterOf(Stream stream) => new(new StreamWriter(stream) { AutoFlush = true });
}
