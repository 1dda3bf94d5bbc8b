using System.CommandLine;

namespace Ptnetmap.Cli.CommandLine;

/// <summary>A command whose help ends with a lesson: examples, and why the defaults are what they are.</summary>
internal sealed class TeachingCommand(string name, string summary, string lesson) : Command(name, summary)
{
    /// <summary>Shown below the options.</summary>
    internal string Lesson { get; } = lesson;
}
