using System.Globalization;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Ledger;

/// <summary>A persistent TAP interface of somebody else's that a port has used: what it was before.</summary>
/// <param name="Interface">The interface's name.</param>
/// <param name="Namespace">The namespace that it is in; null: the process's own.</param>
/// <param name="Identity">What it is known by, with the MAC address that it has while the port has it.</param>
/// <param name="Flags">Its flags, by <see cref="Flag"/>.</param>
/// <param name="HeaderLength">Bytes of its virtio-net header.</param>
/// <param name="Offloads">What its kernel left to its reader.</param>
/// <param name="Mtu">Its MTU, and the one that was set; null when none was.</param>
/// <param name="Mac">Its MAC address, and the one that was set; null when none was.</param>
internal sealed record TapChange(
    string Interface, string? Namespace, InterfaceIdentity Identity, TapChange.Flag Flags, int HeaderLength,
    TapOffloads Offloads,
    (int Before, int Set)? Mtu, (MacAddress Before, MacAddress Set)? Mac)
    : NicChange(Interface, Namespace)
{
    internal const string Kind = "tap";

    private const int Tries = 50;
    private const string Unchanged = "-";
    private static readonly TimeSpan BetweenTries = TimeSpan.FromMilliseconds(10);

    /// <summary>What it was.</summary>
    [Flags]
    internal enum Flag
    {
        /// <summary>A virtio-net header stood before frames.</summary>
        VnetHeader = 1,

        /// <summary>Packet information stood before frames.</summary>
        PacketInformation = 2,

        /// <summary>It could have several queues.</summary>
        MultiQueue = 4,

        /// <summary>It was set up.</summary>
        Up = 8,
    }

    private protected override (string Kind, string Details) Words
    {
        get
        {
            string mtu = Mtu is { } size ? $"{size.Before}:{size.Set}" : Unchanged;
            string mac = Mac is { } address
                ? $"{InterfaceIdentity.TextOf(address.Before)}:{InterfaceIdentity.TextOf(address.Set)}"
                : Unchanged;
            string own = Identity.Mac is { } permanent ? $" {InterfaceIdentity.TextOf(permanent)}" : "";
            return (Kind, $"{Identity.Index} {(int)Flags} {HeaderLength} {(uint)Offloads} {mtu} {mac}{own}");
        }
    }

    /// <summary>What is going to be changed in an interface; null when it does not stay anyway.</summary>
    /// <param name="before">The interface as it was.</param>
    /// <param name="space">The namespace that it is in; null: the process's own.</param>
    /// <param name="mtu">The MTU that the port sets; null: none.</param>
    /// <param name="mac">The MAC address that it sets; null: none.</param>
    /// <param name="headerLength">Bytes of its virtio-net header before.</param>
    /// <param name="offloads">What its kernel left to its reader before.</param>
    internal static TapChange? Of(
        LinkInfo before, string? space, int? mtu, MacAddress? mac, int headerLength, TapOffloads offloads) =>
        before.Tap is not { IsPersistent: true } state ? null : new TapChange(
            before.Name,
            space,
            new InterfaceIdentity(before.Index, mac ?? before.Mac),
            (state.HasVnetHeader ? Flag.VnetHeader : 0) | (state.HasPacketInformation ? Flag.PacketInformation : 0)
                | (state.IsMultiQueue ? Flag.MultiQueue : 0) | (before.IsUp ? Flag.Up : 0),
            headerLength,
            offloads,
            mtu is { } set && set != before.Mtu ? (before.Mtu, set) : null,
            before.Mac is { } old && mac is { } given ? (old, given) : null);

    /// <summary>Reads what follows the place.</summary>
    internal static TapChange? Parse(string name, string? space, ReadOnlySpan<string> words)
    {
        if (words is not [var index, var flags, var header, var offloads, var mtu, var mac, .. var address]
            || InterfaceIdentity.Parse([index, .. address]) is not { } identity || !TryRead(flags, out int bits)
            || !TryRead(header, out int length)
            || !TryRead(offloads, out int left))
        {
            return null;
        }

        string[] mtus = mtu.Split(':');
        string[] macs = mac.Split(':');
        return new TapChange(
            name, space, identity, (Flag)bits, length, (TapOffloads)left,
            mtus.Length == 2 && TryRead(mtus[0], out int before) && TryRead(mtus[1], out int set)
                ? (before, set)
                : null,
            macs.Length == 2 && InterfaceIdentity.ReadMac(macs[0]) is { } old
                && InterfaceIdentity.ReadMac(macs[1]) is { } given
                ? (old, given) : null);
    }

    /// <summary>Undoes it, on a thread in the interface's namespace.</summary>
    /// <returns>False when somebody uses the interface, or it is not that one any more.</returns>
    internal bool TryUndoHere() => TryUndoHere(Identity.Index, out _);

    // Busy: it is there, and somebody uses it.
    private bool TryUndoHere(int index, out bool isBusy)
    {
        isBusy = false;
        using var links = new Links();
        if (links.TryGet(index) is not { Tap: { IsTap: true, IsPersistent: true } now } link
            || now.IsMultiQueue != Flags.HasFlag(Flag.MultiQueue))
        {
            return false;
        }

        if (!TryRestore(link.Name))
        {
            isBusy = true;
            return false;
        }

        if (Mtu is { } mtu && link.Mtu == mtu.Set)
        {
            links.SetMtu(index, mtu.Before);
        }

        if (Mac is { } mac && link.Mac.Equals(mac.Set))
        {
            links.SetMac(index, mac.Before);
        }

        if (!Flags.HasFlag(Flag.Up))
        {
            links.SetUp(index, up: false);
        }

        return true;
    }

    /// <summary>Whether there is an interface of the number in the calling thread's namespace.</summary>
    internal bool IsThere()
    {
        using var links = new Links();
        return links.TryGet(Identity.Index) is not null;
    }

    // Without hardware its address is no more than somebody's choice: who chose another one may have left the name.
    private protected override bool IsHere(LinkInfo link) =>
        Identity.IsHere(link, Interface) || (link.Index == Identity.Index
            && (Identity.Mac is null || string.Equals(link.Name, Interface, StringComparison.Ordinal)));

    private protected override bool IsAnywhere(LinkInfo link) => Identity.IsAnywhere(link);

    private protected override bool TryUndo(LinkInfo link, EthtoolDevice device)
    {
        bool undone = TryUndoHere(link.Index, out bool isBusy);
        return isBusy ? throw new LinuxException(Interface, Errors.Busy) : undone;
    }

    // A program that is started just now has our descriptors until it is itself.
    private bool TryRestore(string name)
    {
        var state = new TapState(
            IsTap: true, Flags.HasFlag(Flag.PacketInformation), Flags.HasFlag(Flag.VnetHeader), IsPersistent: true,
            Flags.HasFlag(Flag.MultiQueue), Queues: 0);
        for (int patience = Tries; ; patience--)
        {
            try
            {
                TapDevice.Restore(name, state, HeaderLength, Offloads);
                return true;
            }
            catch (LinuxException refusal) when (refusal.Errno == Errors.Busy)
            {
                if (patience == 0)
                {
                    return false;
                }

                Thread.Sleep(BetweenTries);
            }
        }
    }

    private static bool TryRead(string word, out int number) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
