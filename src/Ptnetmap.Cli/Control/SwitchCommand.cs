using System.CommandLine;
using Ptnetmap.Daemon.Api;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet switch</c>.</summary>
internal static class SwitchCommand
{
    private static readonly Argument<string> Name = ControlCommand.Named("SWITCH", "The switch: vale0.");

    private static ApiJson Json => ApiJson.Default;

    /// <summary>Builds the commands.</summary>
    internal static Command Create() => new("switch", "List and show VALE switches")
    {
        ControlCommand.Create("ls", "List switches", "", (_, client) =>
        {
            (IReadOnlyList<SwitchReport> switches, string text) = client.Get("/v1/switches", Json.IReadOnlyListSwitchReport);
            return new Answer(text, output => ControlText.WriteSwitches(switches, output));
        }),
        ControlCommand.Create(
            "show", "Show a switch and its ports", "",
            (parsed, client) =>
            {
                string path = ControlCommand.Path("switches", parsed.GetValue(Name)!);
                (SwitchReport vale, string text) = client.Get(path, Json.SwitchReport);
                return new Answer(text, output => ControlText.WriteSwitch(vale, output));
            },
            Name),
    };
}
