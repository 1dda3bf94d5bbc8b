using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>A value of a configuration file and where it stands.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Data">A long, double, bool, string, a list of values, or a <see cref="ConfigTable"/>.</param>
internal sealed record ConfigValue(int Line, object Data)
{
    /// <summary>What it is, in words.</summary>
    internal string Kind => Data switch
    {
        long => $"the number {Data}",
        double => $"the number {Data}",
        bool truth => truth ? "true" : "false",
        string text => $"the text '{Printable.Name(text)}'",
        List<ConfigValue> => "a list",
        ConfigTable => "a table",
        _ => "something else",
    };
}
