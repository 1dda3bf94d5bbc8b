using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>The usual help, and then the command's lesson.</summary>
internal sealed class TeachingHelp(HelpAction usual, string rootLesson) : SynchronousCommandLineAction
{
    /// <summary>Who asks for help need not have the rest of the line right.</summary>
    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        int code = usual.Invoke(parseResult);
        Command command = parseResult.CommandResult.Command;
        string lesson =
            command is TeachingCommand teaching ? teaching.Lesson : command is RootCommand ? rootLesson : "";
        if (lesson.Length > 0)
        {
            parseResult.InvocationConfiguration.Output.WriteLine(lesson);
        }

        return code;
    }
}
