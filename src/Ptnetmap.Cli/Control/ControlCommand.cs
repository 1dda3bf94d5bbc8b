using System.CommandLine;
using System.CommandLine.Parsing;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary>Makes commands that ask the daemon one thing and print its answer, as JSON or for people.</summary>
internal static class ControlCommand
{
    internal static Option<bool> Json { get; } = Choice.Flag("--json", "Print the daemon's answer as JSON.");

    /// <summary>Makes one.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="summary">One line of help.</param>
    /// <param name="lesson">Shown below the options.</param>
    /// <param name="ask">Asks.</param>
    /// <param name="symbols">Its arguments and options.</param>
    internal static Command Create(
        string name, string summary, string lesson, Func<ParseResult, ControlClient, Answer> ask,
        params Symbol[] symbols)
    {
        var command = new TeachingCommand(name, summary, lesson) { Json };
        foreach (Symbol symbol in symbols)
        {
            if (symbol is Argument argument)
            {
                command.Arguments.Add(argument);
            }
            else
            {
                command.Options.Add((Option)symbol);
            }
        }

        command.SetAction(parsed =>
        {
            using var client = new ControlClient(RunDirOption.Read(parsed));
            Answer answer = ask(parsed, client);
            if (parsed.GetValue(Json))
            {
                Console.Out.WriteLine(answer.Json);
            }
            else
            {
                answer.ForPeople(Console.Out);
            }

            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>An argument that names something. Captures are in the caller's directory.</summary>
    internal static Argument<string> Named(string what, string description) => new(what)
    {
        Description = description,
        CustomParser = ReadName,
    };

    /// <summary>A port's name as the daemon knows it.</summary>
    /// <exception cref="ControlException">It is in the current directory, which is not there any more.</exception>
    internal static string Whole(string port)
    {
        try
        {
            return CapturePaths.Whole(port, () => Environment.CurrentDirectory);
        }
        catch (IOException gone)
        {
            throw new ControlException(
                $"{port}: the current directory is not there any more; write whole paths (/...)", gone);
        }
    }

    private static string? ReadName(ArgumentResult argument)
    {
        try
        {
            return Whole(argument.Tokens[0].Value);
        }
        catch (ControlException refused)
        {
            argument.AddError(refused.Message);
            return null;
        }
    }

    /// <summary>The path of something named.</summary>
    /// <exception cref="UsageException">Nothing has that name: a path would lead elsewhere.</exception>
    internal static string Path(string collection, string name, string action = "") => name is "" or "." or ".."
        ? throw new UsageException($"nothing is called '{name}'; list what there is with ls")
        : $"/v1/{collection}/{Uri.EscapeDataString(name)}{action}";
}
