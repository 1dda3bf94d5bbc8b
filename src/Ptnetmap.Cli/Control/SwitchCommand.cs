using System.CommandLine;
using Ptnetmap.Cli.CommandLine;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Linux;

namespace Ptnetmap.Cli.Control;

/// <summary><c>ptnet switch</c>.</summary>
internal static class SwitchCommand
{
    private const string AttachLesson =
        """
        The interface's port and one of the switch are opened in one region and connected with each other: frames are moved
        between the two by swapping buffers, and copied once, by the switch. The switch's port is called as the interface,
        or as --as says.

        Examples:
          ptnet switch attach vale0 tap:web0
          ptnet switch attach vale0 tap:db0 --netns blue --mtu 9000
          ptnet switch attach vale0 netmap:eth0                 the NIC: an uplink of the switch's VMs
          ptnet switch attach vale0 netmap:eth0 --host          and the kernel's stack behind it, so that it sits on the switch too
          ptnet switch attach vale0 pcap:in.pcap,- --loops 0
          ptnet switch detach vale0 tap:web0
        """;

    private static readonly Argument<string> Name = ControlCommand.Named("SWITCH", "The switch: vale0.");

    private static readonly string[] Prefixes = ["netmap:", "tap:", "pcap:"];

    private static ApiJson Json => ApiJson.Default;

    /// <summary>Builds the commands.</summary>
    internal static Command Create() => new("switch", "List and show VALE switches; put interfaces on them")
    {
        CreateAttach(),
        CreateDetach(),
        ControlCommand.Create("ls", "List switches", "", (_, client) =>
        {
            (IReadOnlyList<SwitchReport> switches, string text) = client.Get("/v1/switches", Json.IReadOnlyListSwitchReport);
            return new Answer(text, output => ControlText.WriteSwitches(switches, output));
        }),
        ControlCommand.Create(
            "show", "Show a switch, its ports and its forwarding table", "Ages are told in steps of a fifteenth of the ageing time.",
            (parsed, client) =>
            {
                string path = ControlCommand.Path("switches", parsed.GetValue(Name)!);
                (SwitchReport vale, string text) = client.Get(path, Json.SwitchReport);
                return new Answer(text, output => ControlText.WriteSwitch(vale, output));
            },
            Name),
    };

    private static Argument<string> Port() => ControlCommand.Named("PORT", "An interface or captures: netmap:INTERFACE, tap:NAME, pcap:IN,OUT.");

    private static Command CreateAttach()
    {
        Argument<string> port = Port();
        var options = new BridgeOptions();
        Option<bool> stack = Choice.Flag(
            "--host", "NICs: put the kernel's stack behind the interface (netmap:INTERFACE^) on the switch as well.");
        var member = new Option<string?>("--as")
        {
            Description = "Name of the switch's port. Default: the interface's; what such a name cannot have is escaped.",
            HelpName = "NAME",
        };
        return ControlCommand.Create(
            "attach", "Put an interface of the host on a switch", AttachLesson,
            (parsed, client) =>
            {
                string left = parsed.GetValue(port)!;
                string? behind = parsed.GetValue(stack) ? RequireStack(left) : null;
                BridgeSettings settings = options.Read(parsed, left, MemberName(parsed, left, parsed.GetValue(member))) with { MakeRight = true };
                (BridgeReport bridge, string text) = client.Post("/v1/bridges", settings, Json.BridgeSettings, Json.BridgeReport);
                BridgeReport[] bridges = behind is null ? [bridge] : [bridge, AttachStack(client, parsed, settings, behind)];
                return new Answer(text, output => ControlText.WriteBridges(bridges, output));
            },
            [Name, port, stack, member, .. options.All]);
    }

    // Both or none: a switch that has only the wire's side of an interface cuts its host off.
    private static BridgeReport AttachStack(ControlClient client, ParseResult parsed, BridgeSettings wire, string stack)
    {
        try
        {
            var settings = new BridgeSettings
            {
                Left = stack,
                Right = MemberName(parsed, stack, null),
                MakeRight = true,
                Slots = wire.Slots,
                Policy = wire.Policy,
                Host = wire.Host is { } host ? new HostSettings { Netns = host.Netns, Interface = host.Interface } : null,
            };
            return client.Post("/v1/bridges", settings, Json.BridgeSettings, Json.BridgeReport).Value;
        }
        catch (Exception refusal) when (refusal is ControlException or UsageException)
        {
            client.Delete(ControlCommand.Path("bridges", wire.Left));
            throw;
        }
    }

    private static string RequireStack(string port) => StackOf(port) ?? throw new UsageException(
        $"--host: {Printable.Name(port)} has no stack behind it; only interfaces do (netmap:INTERFACE)");

    private static string? StackOf(string port) =>
        PortName.TryParse(port, out PortName? name) && name is { Kind: PortNameKind.Interface, Rings: not RingChoice.Host }
            ? $"{name.Base}^"
            : null;

    private static bool IsOn(BridgeReport bridge, string port, string vale) =>
        string.Equals(bridge.Left, port, StringComparison.Ordinal) && bridge.Right.StartsWith($"{vale}:", StringComparison.Ordinal);

    // Here, where it is known which of the two names is which.
    private static string MemberName(ParseResult parsed, string port, string? wanted)
    {
        string vale = RequireSwitch(parsed);
        RequireSpelling(port);
        if (!(PortName.TryParse(port, out PortName? name) && name.Kind is PortNameKind.Interface or PortNameKind.Tap or PortNameKind.Pcap))
        {
            throw new UsageException(
                $"'{Printable.Name(port)}' is no interface or capture; expected netmap:INTERFACE, tap:NAME or pcap:IN,OUT. Other ports are connected with ptnet bridge add");
        }

        string member = $"{vale}:{wanted ?? NameSpelling.MemberFor(port)}";
        return PortName.TryParse(member, out PortName? made) && made.Kind == PortNameKind.Vale && string.Equals(made.Port, member, StringComparison.Ordinal)
            ? member
            : throw new UsageException($"--as '{Printable.Name(wanted ?? "")}': a switch's port has a name of 1 to {PortName.MaxPartLength} letters, digits and '_'");
    }

    // What is meant as an interface's or a capture's name is told what is wrong with it, and not that it is none.
    private static void RequireSpelling(string port)
    {
        if (PortName.TryParse(port, out _) || !Array.Exists(Prefixes, prefix => port.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return;
        }

        try
        {
            _ = PortName.Parse(port);
        }
        catch (PortNameException mistake)
        {
            throw new UsageException(mistake.Message);
        }
    }

    private static string RequireSwitch(ParseResult parsed)
    {
        string vale = parsed.GetValue(Name)!;
        return SettingsRules.Check(new SwitchSettings { Name = vale }).FirstOrDefault() is { } fault
            ? throw new UsageException(fault.Text)
            : vale;
    }

    private static Command CreateDetach()
    {
        Argument<string> port = Port();
        return ControlCommand.Create(
            "detach", "Take an interface of the host off a switch", "",
            (parsed, client) =>
            {
                string left = parsed.GetValue(port)!;
                string place = $"?switch={Uri.EscapeDataString(RequireSwitch(parsed))}";
                IReadOnlyList<BridgeReport> bridges = client.Get("/v1/bridges", Json.IReadOnlyListBridgeReport).Value;
                client.Delete(ControlCommand.Path("bridges", left) + place);
                if (StackOf(left) is { } stack && bridges.Any(bridge => IsOn(bridge, stack, parsed.GetValue(Name)!)))
                {
                    client.Delete(ControlCommand.Path("bridges", stack) + place);
                }

                return Answer.Done($"{parsed.GetValue(port)}: taken off {parsed.GetValue(Name)}");
            },
            Name,
            port);
    }
}
