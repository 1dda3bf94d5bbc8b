using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What the settings of a port's other side may be.</summary>
internal static class HostRules
{
    /// <summary>True for the name of a port whose other side is the host's kernel or a file.</summary>
    internal static bool IsOfHost(string name) => PortName.TryParse(name, out PortName? parsed)
        && parsed.Kind is (PortNameKind.Tap or PortNameKind.Pcap or PortNameKind.Interface);

    /// <summary>True for the name of a port whose other side is an interface of the host's kernel.</summary>
    internal static bool IsInterfaces(string name) => PortName.TryParse(name, out PortName? parsed)
        && parsed.Kind is PortNameKind.Tap or PortNameKind.Interface;

    /// <summary>How a port is made for another interface of the same name, where the port's name is taken: a port is known by its
    /// name alone, which need not be the interface's.</summary>
    /// <returns>Null for a port that is none of an interface.</returns>
    internal static string? OtherInterface(string name)
    {
        if (!PortName.TryParse(name, out PortName? port) || port.Kind is not (PortNameKind.Tap or PortNameKind.Interface))
        {
            return null;
        }

        string other = $"{(port.Kind == PortNameKind.Tap ? PortName.TapPrefix : PortName.InterfacePrefix)}NAME{port.ToString()[port.Base.Length..]}";
        return $"an interface {port.Part} of another namespace has a port of another name: {other} --interface {port.Part} --netns NAMESPACE " +
            "(in a configuration: host.interface and host.netns)";
    }

    /// <summary>Checks them; <paramref name="names"/> are the ports that they are for.</summary>
    internal static IEnumerable<Fault> Check(HostSettings? host, params IEnumerable<string> names)
    {
        if (host is null)
        {
            yield break;
        }

        // Of a name that is none nothing is known, and that is told by itself.
        bool areNames = names.All(name => PortName.TryParse(name, out _));
        if (areNames && !names.Any(IsOfHost))
        {
            const string whose = "only ports of the host (netmap:INTERFACE, tap:NAME, pcap:IN,OUT) have it";
            foreach (string key in HostKeys.SetIn(host).Select(key => $"host.{key}").DefaultIfEmpty("host"))
            {
                yield return new Fault(key, whose);
            }
        }
        else if (areNames)
        {
            foreach (Fault unused in Unused(host, names))
            {
                yield return unused;
            }
        }

        if (host.Interface is not null && InterfaceName.FaultOf(host.Interface) is { } why)
        {
            yield return new Fault("host.interface", why);
        }

        foreach (Fault outside in Outside(host))
        {
            yield return outside;
        }

        if (host.Mac is not null && (!MacAddress.TryParse(host.Mac, out MacAddress mac) || !mac.IsValid))
        {
            yield return new Fault("host.mac", $"'{Printable.Name(host.Mac)}' is no interface's address; expected six bytes as in 02:00:00:00:00:01");
        }

        if (!Names.NicModes.Contains(host.Mode, StringComparer.Ordinal))
        {
            yield return new Fault("host.mode", $"'{Printable.Name(host.Mode)}' is none of {string.Join(", ", Names.NicModes)}");
        }

        if (!Names.Checksums.Contains(host.Checksums, StringComparer.Ordinal))
        {
            yield return new Fault("host.checksums", $"'{Printable.Name(host.Checksums)}' is none of {string.Join(", ", Names.Checksums)}");
        }

        if (host.Filter is not null && FilterFault(host.Filter) is { } fault)
        {
            yield return new Fault("host.filter", fault);
        }

        if (host.Netns is "")
        {
            yield return new Fault("host.netns", "expected a name of `ip netns`, or a path");
        }
    }

    private static IEnumerable<Fault> Outside(HostSettings host) => ((Fault?[])
    [
        SettingLimits.Check("host.mtu", host.Mtu),
        SettingLimits.Check("host.loops", host.Loops),
        SettingLimits.Check("host.busy_poll", host.BusyPoll),
    ]).OfType<Fault>();

    // A setting that no port here looks at would be ignored in silence.
    private static IEnumerable<Fault> Unused(HostSettings host, IEnumerable<string> names)
    {
        string[] known = [.. names.SelectMany(HostKeys.Of).Distinct(StringComparer.Ordinal)];
        string ports = string.Join(" and ", names.Where(IsOfHost));
        return HostKeys.SetIn(host).Except(known, StringComparer.Ordinal).Select(key => new Fault(
            $"host.{key}",
            $"is nothing that {ports} has; {(known.Length == 0 ? "there is no such setting" : $"there {(known.Length == 1 ? "is" : "are")} {string.Join(", ", known)}")}"));
    }

    private static string? FilterFault(string filter)
    {
        try
        {
            _ = NicFilter.Parse(filter);
            return null;
        }
        catch (FormatException wrong)
        {
            return wrong.Message;
        }
    }
}
