using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet switch</c>.</summary>
internal static class SwitchCommand
{
    private const string AttachLesson =
        """
        The interface's port and one of the switch are opened in one region and connected with each other: frames are moved
        between the two by swapping buffers, and copied once, by the switch. The switch's port is called as the interface,
        or as --as says. All that is asked for is made, or nothing; 'switch detach' undoes it, and 'switch show' lists it.

        Examples:
          ptnet switch attach vale0 tap:web0
          ptnet switch attach vale0 tap:db0 --netns blue --mtu 9000
          ptnet switch attach vale0 netmap:eth0                 the NIC: an uplink of the switch's VMs
          ptnet switch attach vale0 netmap:eth0 --host          and the kernel's stack behind it, so that it sits on the switch too
          ptnet switch attach vale0 pcap:in.pcap,- --loops 0
          ptnet switch detach vale0 tap:web0
        """;

    private const string DetachLesson =
        """
        What 'switch attach' made goes: the connection, the ports that were made for it, and with --host the same of the
        kernel's stack. Ports that were there before stay, and let guests in again.
        """;

    private static readonly Argument<string> Name = ControlCommand.Named("SWITCH", "The switch: vale0.");

    private static ApiJson Json => ApiJson.Default;

    internal static Command Create() => new("switch", "List and show VALE switches; put interfaces on them")
    {
        CreateAttach(),
        CreateDetach(),
        ControlCommand.Create("ls", "List switches", "", (_, client) =>
        {
            (IReadOnlyList<SwitchReport> switches, string text) =
                client.Get("/v1/switches", Json.IReadOnlyListSwitchReport);
            return new Answer(text, output => ControlText.WriteSwitches(switches, output));
        }),
        ControlCommand.Create(
            "show", "Show a switch, its ports and its forwarding table",
            "Ages are told in steps of a fifteenth of the ageing time.",
            (parsed, client) =>
            {
                string path = ControlCommand.Path("switches", parsed.GetValue(Name)!);
                (SwitchReport vale, string text) = client.Get(path, Json.SwitchReport);
                return new Answer(text, output => ControlText.WriteSwitch(vale, output));
            },
            Name),
    };

    private static Argument<string> Port() =>
        ControlCommand.Named("PORT", "An interface or captures: netmap:INTERFACE, tap:NAME, pcap:IN,OUT.");

    private static Command CreateAttach()
    {
        Argument<string> port = Port();
        var options = new SettingOptions<AttachmentSettings>(SettingTables.Attachment);
        var host = new SettingOptions<HostSettings>(SettingTables.Host);
        return ControlCommand.Create(
            "attach", "Put an interface of the host on a switch", AttachLesson,
            (parsed, client) =>
            {
                AttachmentSettings settings = Checked(options.Read(parsed, new AttachmentSettings
                {
                    Switch = parsed.GetValue(Name)!,
                    Port = parsed.GetValue(port)!,
                    Host = host.ReadIfAny(parsed),
                }));
                (AttachmentReport made, string text) =
                    client.Post("/v1/attachments", settings, Json.AttachmentSettings, Json.AttachmentReport);
                return new Answer(text, output => ControlText.WriteBridges(made.Bridges, output));
            },
            [Name, port, .. options.All, .. host.All]);
    }

    // What is wrong with the names is told before a daemon is asked; the rest it tells.
    private static AttachmentSettings Checked(AttachmentSettings settings)
    {
        foreach (Fault fault in AttachmentRules.Check(settings))
        {
            string? option = fault.Key switch
            {
                "switch" or "port" => "",
                "as" => "--as ",
                "stack" => "--host: ",
                _ => null,
            };
            if (option is not null)
            {
                throw new UsageException(option + fault.Text);
            }
        }

        return settings;
    }

    private static Command CreateDetach()
    {
        Argument<string> port = Port();
        return ControlCommand.Create(
            "detach", "Take an interface of the host off a switch", DetachLesson,
            (parsed, client) =>
            {
                client.Delete(ControlCommand.Path("attachments", parsed.GetValue(port)!,
                    $"?switch={Uri.EscapeDataString(RequireSwitch(parsed))}"));
                return Answer.Done($"{parsed.GetValue(port)}: taken off {parsed.GetValue(Name)}");
            },
            Name,
            port);
    }

    private static string RequireSwitch(ParseResult parsed)
    {
        string vale = parsed.GetValue(Name)!;
        return SettingsRules.Check(new SwitchSettings { Name = vale }).FirstOrDefault() is { } fault
            ? throw new UsageException(fault.Text)
            : vale;
    }
}
