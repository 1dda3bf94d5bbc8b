namespace Ptnetmap.Daemon.Configuration;

/// <summary>What the settings of a port's other side may be, for the port that they are of.</summary>
internal static class HostRules
{
    /// <summary>True for the name of a port whose other side is the host's kernel or a file.</summary>
    internal static bool IsOfHost(string name) => PortName.TryParse(name, out PortName? parsed)
        && parsed.Kind is (PortNameKind.Tap or PortNameKind.Pcap or PortNameKind.Interface);

    /// <summary>True for the name of a port whose other side is an interface of the host's kernel.</summary>
    internal static bool IsInterfaces(string name) => PortName.TryParse(name, out PortName? parsed)
        && parsed.Kind is PortNameKind.Tap or PortNameKind.Interface;

    /// <summary>How a port is made for another interface of the same name, where the port's name is taken: a port is
    /// known by its name alone, which need not be the interface's.</summary>
    /// <returns>Null for a port that is none of an interface.</returns>
    internal static string? OtherInterface(string name)
    {
        if (!PortName.TryParse(name, out PortName? port)
            || port.Kind is not (PortNameKind.Tap or PortNameKind.Interface))
        {
            return null;
        }

        string prefix = port.Kind == PortNameKind.Tap ? PortName.TapPrefix : PortName.InterfacePrefix;
        string other = $"{prefix}NAME{port.ToString()[port.Base.Length..]}";
        return $"an interface {port.Part} of another namespace has a port of another name: " +
            $"{other} --interface {port.Part} --netns NAMESPACE " +
            "(in a configuration: host.interface and host.netns)";
    }

    /// <summary>Checks them; <paramref name="names"/> are the ports that they are for.</summary>
    internal static IEnumerable<Fault> Check(HostSettings? host, params IEnumerable<string> names)
    {
        // Of a name that is none nothing is known, and that is told by itself.
        if (host is null || !names.All(name => PortName.TryParse(name, out _)))
        {
            return [];
        }

        return names.Any(IsOfHost)
            ? Unused(host, names)
            : HostKeys.SetIn(host).Select(key => $"host.{key}").DefaultIfEmpty("host")
                .Select(key => new Fault(key,
                    "only ports of the host (netmap:INTERFACE, tap:NAME, pcap:IN,OUT) have it"));
    }

    // A setting that no port here looks at would be ignored in silence.
    private static IEnumerable<Fault> Unused(HostSettings host, IEnumerable<string> names)
    {
        string[] known = [.. names.SelectMany(HostKeys.Of).Distinct(StringComparer.Ordinal)];
        string ports = string.Join(" and ", names.Where(IsOfHost));
        string are = known.Length switch
        {
            0 => "there is no such setting",
            1 => $"there is {known[0]}",
            _ => $"there are {string.Join(", ", known)}",
        };
        return HostKeys.SetIn(host).Except(known, StringComparer.Ordinal)
            .Select(key => new Fault($"host.{key}", $"is nothing that {ports} has; {are}"));
    }
}
