using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet port</c>.</summary>
internal static class PortCommand
{
    private const string AddLesson =
        """
        Examples:
          ptnet port add vale0:web                              a switch port in a region of its own
          ptnet port add vale0:db --domain partners             in a region that others share: they see its packets
          ptnet port add vale0:web --vlan 10                    of VLAN 10, without tags; other ports: --trunk 10,20-29
          ptnet port add vale0:t --program receive --verify     with a guest thread, to try it without a VM
          ptnet port add tap:web0 --netns blue --mtu 9000       a TAP interface, made here
          ptnet port add pcap:in.pcap,out.pcap --loops 3        captures: one is replayed, the other written; - for none;
                                                                in this directory, as the name is for 'port show' and 'rm'
        """;

    private const string DetachLesson =
        """
        The guest keeps its device and sees the link go down; its rings are taken away at once, whatever it is doing.
        'ptnet port attach' lets it in again.
        """;

    private const string Program = "program";

    private static ApiJson Json => ApiJson.Default;

    internal static Command Create() =>
        new("port", "Add, remove, list and show ports; take a guest off one and let it in again")
    {
        CreateAdd(),
        CreateRemove(),
        ControlCommand.Create("ls", "List ports", "", (_, client) => List(client)),
        CreateShow(),
        CreateDetach(),
        CreateAttach(),
    };

    internal static Answer List(ControlClient client)
    {
        (IReadOnlyList<PortReport> ports, string text) = client.Get("/v1/ports", Json.IReadOnlyListPortReport);
        return new Answer(text, output => ControlText.WritePorts(ports, output));
    }

    private static Argument<string> Name() => ControlCommand.Named("PORT", "The port: vale0:web, or an end of a pipe.");

    private static Command CreateAdd()
    {
        Argument<string> name = ControlCommand.Named("NAME", "SWITCH:PORT (vale0:web), tap:NAME, or pcap:IN,OUT.");
        var options = new SettingOptions<PortSettings>(SettingTables.Port);
        var host = new SettingOptions<HostSettings>(SettingTables.Host);
        SettingOptions<GuestSettings> guest = GuestOptions();
        return ControlCommand.Create(
            "add", "Open a port of a switch, a TAP interface or captures", AddLesson,
            (parsed, client) =>
            {
                PortSettings settings = options.Read(parsed, new PortSettings
                {
                    Name = parsed.GetValue(name)!,
                    Host = host.ReadIfAny(parsed),
                    Guest = ReadGuest(guest, parsed),
                });
                return One(client.Post("/v1/ports", settings, Json.PortSettings, Json.PortReport));
            },
            [name, .. options.All, .. host.All, .. guest.All]);
    }

    private static Command CreateRemove()
    {
        Argument<string> name = Name();
        return ControlCommand.Create(
            "rm", "Close a port; its guest is detached", "",
            (parsed, client) =>
            {
                client.Delete(ControlCommand.Path("ports", parsed.GetValue(name)!));
                return Answer.Done($"{parsed.GetValue(name)}: closed");
            },
            name);
    }

    private static Command CreateShow()
    {
        Argument<string> name = Name();
        return ControlCommand.Create(
            "show", "Show a port, its guest, and each ring's state", "",
            (parsed, client) => One(client.Get(ControlCommand.Path("ports", parsed.GetValue(name)!), Json.PortReport)),
            name);
    }

    private static Command CreateDetach()
    {
        Argument<string> name = Name();
        return ControlCommand.Create(
            "detach", "Take a port's guest off it", DetachLesson,
            (parsed, client) => One(client.Post(ControlCommand.Path("ports", parsed.GetValue(name)!, "/detach"),
                Json.PortReport)),
            name);
    }

    private static Command CreateAttach()
    {
        Argument<string> name = Name();
        SettingOptions<GuestSettings> options = GuestOptions();
        return ControlCommand.Create(
            "attach", "Let guests into a port again, or let a guest thread use it", "",
            (parsed, client) =>
            {
                string path = ControlCommand.Path("ports", parsed.GetValue(name)!, "/attach");
                return One(ReadGuest(options, parsed) is { } guest
                    ? client.Post(path, guest, Json.GuestSettings, Json.PortReport)
                    : client.Post(path, Json.PortReport));
            },
            [name, .. options.All]);
    }

    private static SettingOptions<GuestSettings> GuestOptions() => new(SettingTables.Guest, key: Program);

    // What the guest's program is to do; null when none is wanted.
    private static GuestSettings? ReadGuest(SettingOptions<GuestSettings> options, ParseResult parsed)
    {
        Option program = options.Of(Program);
        return options.FirstGiven(parsed) is not { } given ? null
            : parsed.GetResult(program) is not null ? options.Read(parsed, new GuestSettings())
            : throw new UsageException(
                $"{given.Name} is for a guest program; name one with {program.Name} {program.HelpName}");
    }

    private static Answer One((PortReport Port, string Text) answer) =>
        new(answer.Text, output => ControlText.WritePort(answer.Port, output));
}
