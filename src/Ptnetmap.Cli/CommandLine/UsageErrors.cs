using System.CommandLine;
using System.CommandLine.Parsing;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>Says what is wrong with a command line: a line each, then where the help is. The whole help on top would
/// push the mistake off the screen.</summary>
internal static class UsageErrors
{
    /// <summary>Writes the errors.</summary>
    /// <returns>The exit code.</returns>
    internal static int Report(ParseResult parsed, TextWriter output)
    {
        Command command = parsed.CommandResult.Command;

        // What follows an unknown option was meant as its value.
        string[] all = [.. parsed.UnmatchedTokens, .. TakenForArguments(parsed)];
        string[] unmatched =
            [.. all.Where((token, i) => i == 0 || token.StartsWith('-') || !all[i - 1].StartsWith('-'))];
        if (unmatched.Length == 0 && command.Subcommands.Count > 0)
        {
            string commands = string.Join(", ", command.Subcommands.Select(inner => inner.Name));
            output.WriteLine($"ptnet: '{Path(command)}' wants one of these commands: {commands}");
            output.WriteLine($"Try '{Path(command)} --help'.");
            return ExitCode.Usage;
        }

        // Behind an unknown command nothing can be known.
        bool isCommand = unmatched.Length > 0 && command.Subcommands.Count > 0 && !unmatched[0].StartsWith('-');
        foreach (string token in isCommand ? unmatched[..1] : unmatched)
        {
            output.WriteLine($"ptnet: {Describe(token, command)}");
        }

        // The parser's own line about an unmatched token says less, and a missing command is then a consequence.
        foreach (ParseError error in parsed.Errors.Where(error => unmatched.Length == 0 || IsOfOption(error)))
        {
            output.WriteLine($"ptnet: {OneLine(error)}");
        }

        output.WriteLine($"Try '{Path(command)} --help'.");
        return ExitCode.Usage;
    }

    /// <summary>Options that a command does not have, and that the parser took for names: nothing has a name that
    /// begins so. What stands behind <c>--</c> is as it is meant.</summary>
    internal static IEnumerable<string> TakenForArguments(ParseResult parsed) =>
        parsed.Tokens.Any(token => token.Type == TokenType.DoubleDash)
            ? []
            : parsed.CommandResult.Children.OfType<ArgumentResult>().SelectMany(argument => argument.Tokens)
                .Select(token => token.Value)
                .Where(token => token.Length > 1 && token[0] == '-');

    private static bool IsOfOption(ParseError error) => error.SymbolResult is OptionResult;

    private static string OneLine(ParseError error)
    {
        string[] lines =
            error.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        string text = lines.Length > 1 ? $"{lines[0]} {string.Join(", ", lines[1..])}" : lines[0];
        string? option = (error.SymbolResult as OptionResult)?.Option.Name;
        return option is null || text.Contains(option, StringComparison.Ordinal) ? text : $"{option}: {text}";
    }

    private static string Describe(string token, Command command)
    {
        IEnumerable<string> names = token.StartsWith('-')
            ? command.Options.Select(option => option.Name)
            : command.Subcommands.Select(inner => inner.Name);
        string? near = names.Select(name => (Name: name, Distance: NearbyWords.Distance(name, token)))
            .Where(candidate =>
                candidate.Distance < token.Length && candidate.Distance <= Math.Max(2, token.Length / 3))
            .OrderBy(candidate => candidate.Distance).Select(candidate => candidate.Name).FirstOrDefault();
        string what = token.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        return $"'{Path(command)}' has no {what} '{Printable.Name(token)}'" +
            (near is null ? "" : $"; did you mean '{near}'?");
    }

    private static string Path(Command command)
    {
        string name = command is RootCommand ? "ptnet" : command.Name;
        Command? parent = command.Parents.OfType<Command>().FirstOrDefault();
        return parent is null ? name : $"{Path(parent)} {name}";
    }
}
