using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet pipe</c>.</summary>
internal static class PipeCommand
{
    private const string Lesson =
        """
        A pipe swaps buffers and copies nothing, so both ends are in one region and its guests trust each other. It never
        drops: a full receiver stops the sender. Its ends are ports: p{1 (master) and p}1 (slave).

        Examples:
          ptnet pipe add 'p{1' --slots 4096
          ptnet port attach 'p}1' --program receive --verify
          ptnet port attach 'p{1' --program send --packets 1M
        """;

    private static ApiJson Json => ApiJson.Default;

    internal static Command Create() => new("pipe", "Add, remove and list pipes")
    {
        CreateAdd(),
        CreateRemove(),
        ControlCommand.Create("ls", "List pipes", "", (_, client) =>
        {
            (IReadOnlyList<PipeReport> pipes, string text) = client.Get("/v1/pipes", Json.IReadOnlyListPipeReport);
            return new Answer(text, output => ControlText.WritePorts([.. pipes.SelectMany(Ends)], output));
        }),
    };

    private static Argument<string> Name() => ControlCommand.Named("NAME{NUMBER", "Its master end's name: p{1.");

    private static IEnumerable<PortReport> Ends(PipeReport pipe) => [pipe.Master, pipe.Slave];

    private static Command CreateAdd()
    {
        Argument<string> name = Name();
        var options = new SettingOptions<PipeSettings>(SettingTables.Pipe);
        var ends = new SettingOptions<EndSettings>(SettingTables.End, except: "mac");
        return ControlCommand.Create(
            "add", "Make a pipe, both ends", Lesson,
            (parsed, client) =>
            {
                EndSettings end = ends.Read(parsed, new EndSettings());
                PipeSettings settings = options.Read(parsed,
                    new PipeSettings { Name = parsed.GetValue(name)!, Master = end, Slave = end });
                (PipeReport pipe, string text) = client.Post("/v1/pipes", settings, Json.PipeSettings, Json.PipeReport);
                return new Answer(text, output => ControlText.WritePorts([.. Ends(pipe)], output));
            },
            [name, .. options.All, .. ends.All]);
    }

    private static Command CreateRemove()
    {
        Argument<string> name = Name();
        return ControlCommand.Create(
            "rm", "Remove a pipe; guests at its ends are detached", "",
            (parsed, client) =>
            {
                client.Delete(ControlCommand.Path("pipes", parsed.GetValue(name)!));
                return Answer.Done($"{parsed.GetValue(name)}: removed");
            },
            name);
    }
}
