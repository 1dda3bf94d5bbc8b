using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Ledger;

/// <summary>An interface whose driver took VLAN tags out of received frames (<c>rxvlan</c>), and does not any
/// more.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
/// <param name="Identity">What it is known by: an interface of that name that came later is another one.</param>
internal sealed record ReceivedTagsChange(string Interface, string? Namespace, InterfaceIdentity Identity)
    : NicChange(Interface, Namespace)
{
    internal const string Kind = "rxvlan";

    private protected override (string Kind, string Details) Words => (Kind, Identity.ToString());

    /// <summary>The command that undoes it.</summary>
    /// <param name="name">What the interface is called.</param>
    internal static string Remedy(string name) => $"ethtool -K {name} rxvlan on";

    /// <summary>Has a driver take tags out of received frames again.</summary>
    /// <returns>False when it does already, or does not tell.</returns>
    /// <exception cref="Ptnetmap.Linux.LinuxException">The driver refuses.</exception>
    internal static bool TryTurnOn(EthtoolDevice device)
    {
        if (device.TryReadVlanOffloads() is not { } now || now.HasFlag(VlanOffloads.Receive))
        {
            return false;
        }

        device.SetVlanOffloads(now | VlanOffloads.Receive);
        return true;
    }

    private protected override bool IsHere(LinkInfo link) => Identity.IsHere(link, Interface);

    private protected override bool IsAnywhere(LinkInfo link) => Identity.IsAnywhere(link);

    private protected override bool TryUndo(LinkInfo link, EthtoolDevice device) => TryTurnOn(device);
}
