using System.Globalization;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Ledger;

/// <summary>An interface whose driver took VLAN tags out of received frames (<c>rxvlan</c>), and does not any more.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
/// <param name="Index">Its index: an interface of that name that came later is another one.</param>
internal sealed record ReceivedTagsChange(string Interface, string? Namespace, int Index) : NicChange(Interface, Namespace)
{
    internal const string Kind = "rxvlan";

    private protected override (string Kind, string Details) Words => (Kind, Index.ToString(CultureInfo.InvariantCulture));

    private protected override bool TryUndo(EthtoolDevice device)
    {
        using var links = new Links();
        if (links.TryGet(Interface)?.Index != Index
            || device.TryReadVlanOffloads() is not { } now || now.HasFlag(VlanOffloads.Receive))
        {
            return false;
        }

        device.SetVlanOffloads(now | VlanOffloads.Receive);
        return true;
    }
}
