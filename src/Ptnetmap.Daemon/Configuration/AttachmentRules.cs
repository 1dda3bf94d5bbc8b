using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What an attachment may be, and which bridges it is made of.</summary>
public static class AttachmentRules
{
    private static readonly string[] Prefixes = [PortName.InterfacePrefix, PortName.TapPrefix, PortName.PcapPrefix];

    /// <summary>Checks an attachment, on its own.</summary>
    public static IEnumerable<Fault> Check(AttachmentSettings attachment)
    {
        Fault[] names = [.. SettingTables.Attachment.Check(attachment).Where(fault => fault.Key is "switch" or "port")];
        bool isPort = !Array.Exists(names, fault => fault.Key is "port");
        Fault?[] own =
        [
            .. names,
            NameFault(attachment),
            attachment.Stack && isPort && StackOf(attachment.Port) is null
                ? new Fault("stack",
                    $"{Printable.Name(attachment.Port)} has no stack behind it; only interfaces do (netmap:INTERFACE)")
                : null,
        ];

        // The switch's port is made of what is checked here, and the interface's is the bridge's left one.
        IEnumerable<Fault> wires = SettingsRules.Check(Wire(attachment))
            .Where(fault => fault.Key is not "right" && (isPort || fault.Key is not "left"))
            .Select(fault => fault.Key is "left" ? fault with { Key = "port" } : fault);
        return own.OfType<Fault>().Concat(wires);
    }

    /// <summary>The bridges that an attachment is made of: the interface's, then its stack's.</summary>
    internal static IReadOnlyList<BridgeSettings> BridgesOf(AttachmentSettings attachment) =>
        attachment.Stack && StackOf(attachment.Port) is { } stack
            ? [Wire(attachment), Stack(attachment, stack)]
            : [Wire(attachment)];

    private static BridgeSettings Wire(AttachmentSettings attachment) => attachment.Onto(new BridgeSettings
    {
        Left = attachment.Port,
        Right = $"{attachment.Switch}:{attachment.As ?? NameSpelling.MemberFor(attachment.Port)}",
        MakeRight = true,
        Domain = attachment.Domain,
        Rings = attachment.Rings,
        Slots = attachment.Slots,
        Policy = attachment.Policy,
        Host = attachment.Host,
    });

    // In the VLANs of the wire, and in a region of its own: what the host's kernel sends and what comes from outside
    // share no buffers.
    private static BridgeSettings Stack(AttachmentSettings attachment, string stack) =>
        attachment.Onto(new BridgeSettings
        {
            Left = stack,
            Right = $"{attachment.Switch}:{NameSpelling.MemberFor(stack)}",
            MakeRight = true,
            Slots = attachment.Slots,
            Policy = attachment.Policy,
            Host = attachment.Host is { } host
                ? new HostSettings { Netns = host.Netns, Interface = host.Interface }
                : null,
        });

    private static string? StackOf(string port) =>
        PortName.TryParse(port, out PortName? name)
            && name is { Kind: PortNameKind.Interface, Rings: not RingChoice.Host }
            ? $"{name.Base}^"
            : null;

    /// <summary>Why a port is none that can be attached. What is meant as an interface's or a capture's name is told
    /// what is wrong with it, and not that it is none.</summary>
    internal static string? PortFault(string port)
    {
        if (HostRules.IsOfHost(port))
        {
            return null;
        }

        try
        {
            _ = PortName.Parse(port);
        }
        catch (PortNameException mistake) when (Array.Exists(Prefixes,
            prefix => port.StartsWith(prefix, StringComparison.Ordinal)))
        {
            return mistake.Message;
        }
        catch (PortNameException)
        {
            // It is no port's name at all.
        }

        string meant = PortName.InterfacePrefix + port;
        string hint = HostRules.IsOfHost(meant) ? $" (the interface: {meant})" : "";
        return $"'{Printable.Name(port)}' is no interface or capture; expected " +
            $"netmap:INTERFACE{hint}, tap:NAME or pcap:IN,OUT. " +
            "Other ports are connected with ptnet bridge add";
    }

    private static Fault? NameFault(AttachmentSettings attachment)
    {
        if (attachment.As is not { } name)
        {
            return null;
        }

        if (attachment.Stack && StackOf(attachment.Port) is { } stack
            && string.Equals(name, NameSpelling.MemberFor(stack), StringComparison.Ordinal))
        {
            return new Fault("as",
                $"'{Printable.Name(name)}': the stack's port on the switch is called so; choose another name");
        }

        string member = $"vale0:{name}";
        return PortName.TryParse(member, out PortName? made) && made.Kind == PortNameKind.Vale
            && string.Equals(made.Port, member, StringComparison.Ordinal)
            ? null
            : new Fault("as", $"'{Printable.Name(name)}': a switch's port has a name of 1 to " +
                $"{PortName.MaxPartLength} letters, digits and '_'");
    }
}
