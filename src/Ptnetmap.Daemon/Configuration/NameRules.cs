using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Says why texts are no names, addresses or filters; null when they are.</summary>
internal static class NameRules
{
    /// <summary>Of a switch.</summary>
    internal static string? SwitchFault(string name) => PortName.TryParse($"{name}:x", out PortName? parsed)
        && parsed.Kind == PortNameKind.Vale
        ? null
        : $"'{Printable.Name(name)}' is no switch's name; expected 'vale' and letters, digits or '_' (vale0), at " +
            $"most {PortName.MaxPartLength} characters";

    /// <summary>Of a port.</summary>
    internal static string? PortFault(string name, bool pipesToo = false) => Fault(
        name,
        parsed => (pipesToo || parsed.Pipe == PipeEnd.None) && (parsed.Kind == PortNameKind.Interface
            ? parsed is { Options: PortNameOptions.None, RegionId: 0 }
            : string.Equals(parsed.Port, parsed.ToString(), StringComparison.Ordinal)),
        "no port of its own; expected SWITCH:PORT (vale0:web), netmap:INTERFACE or tap:NAME, without letters and " +
        "regions. Pipes are made as pipes");

    /// <summary>Of a pipe.</summary>
    internal static string? PipeFault(string name) => Fault(
        name,
        parsed => parsed.Pipe == PipeEnd.Master
            && string.Equals(parsed.Port, parsed.ToString(), StringComparison.Ordinal)
            && ushort.TryParse(parsed.PipeId, out ushort id)
            && string.Equals($"{id}", parsed.PipeId, StringComparison.Ordinal),
        $"no pipe; expected its master end NAME{{NUMBER (p{{1), number at most {ushort.MaxValue}");

    /// <summary>An Ethernet address, anybody's.</summary>
    internal static string? AddressFault(string text) => MacAddress.TryParse(text, out _)
        ? null
        : $"'{Printable.Name(text)}' is no Ethernet address; expected six bytes as in 02:00:00:00:00:01";

    /// <summary>An Ethernet address that a port can have.</summary>
    internal static string? UnicastFault(string text) =>
        AddressFault(text) ?? (MacAddress.TryParse(text, out MacAddress mac) && mac.IsValid
        ? null
        : $"{Printable.Name(text)} is nobody's own address; the first byte of one is even (02:00:00:00:00:01)");

    /// <summary>An Ethernet address that an interface can have.</summary>
    internal static string? InterfacesAddressFault(string text) => MacAddress.TryParse(text, out MacAddress mac)
        && mac.IsValid
        ? null
        : $"'{Printable.Name(text)}' is no interface's address; expected six bytes as in 02:00:00:00:00:01";

    /// <summary>A filter of frames.</summary>
    internal static string? FilterFault(string filter)
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

    private static string? Fault(string name, Func<PortName, bool> isSound, string expected)
    {
        try
        {
            return isSound(PortName.Parse(name)) ? null : $"'{Printable.Name(name)}' is {expected}";
        }
        catch (PortNameException wrong)
        {
            return wrong.Message;
        }
    }
}
