using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>What VLAN settings may be together, and what they make of a port.</summary>
internal static class VlanRules
{
    /// <summary>What is wrong with them, beyond each on its own.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="names">The ports that they are for; one of them is to be a switch's.</param>
    internal static IEnumerable<Fault> Check(IVlanSettings settings, params IEnumerable<string> names)
    {
        bool isTrunk = settings.Trunk is not null;
        if (FirstOf(settings) is { } first && !names.Any(IsOfSwitch))
        {
            yield return new Fault(first, "is a setting of a switch's port (vale0:NAME), and there is none here");
        }

        if (settings.Vlan is not null && isTrunk)
        {
            yield return new Fault("trunk",
                "does not go with vlan: a port has one VLAN without tags (vlan), or several with tags (trunk)");
        }

        if (settings.Native is not null && !isTrunk)
        {
            yield return new Fault("native",
                "is a trunk's VLAN without tags; name the trunk's others as well (trunk), or take vlan");
        }
    }

    /// <summary>The first of them that is set; null: none is.</summary>
    internal static string? FirstOf(IVlanSettings settings) =>
        settings.Vlan is not null
            ? "vlan"
            : settings.Trunk is not null ? "trunk" : settings.Native is not null ? "native" : null;

    /// <summary>True for the name of a switch's port.</summary>
    internal static bool IsOfSwitch(string name) =>
        PortName.TryParse(name, out PortName? port) && port.Kind == PortNameKind.Vale;

    /// <summary>The VLANs of a port; null: nothing is said.</summary>
    internal static PortVlans? Of(IVlanSettings settings) => settings switch
    {
        { Vlan: { } vlan } => PortVlans.Access(vlan),
        { Trunk: { } trunk } => PortVlans.Trunk(trunk.Select(Parse), settings.Native ?? 0),
        _ => null,
    };

    /// <summary>Hands them on to what makes the port.</summary>
    internal static T Onto<T>(this IVlanSettings settings, T other)
        where T : IVlanSettings
    {
        (other.Vlan, other.Trunk, other.Native) = (settings.Vlan, settings.Trunk, settings.Native);
        return other;
    }

    private static VlanRange Parse(string text) => VlanRange.TryParse(text, out VlanRange range) ? range
        : throw new InvalidOperationException($"'{text}' was checked to name VLANs");
}
