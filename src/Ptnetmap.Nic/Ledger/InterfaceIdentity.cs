using System.Globalization;
using System.Net.NetworkInformation;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Nic.Ledger;

/// <summary>What tells an interface from others when it is called something else, or another one is called as it was.</summary>
/// <param name="Index">Its number. Another namespace gives it to another interface, and so does one of the same name that was
/// deleted and made again.</param>
/// <param name="Mac">The MAC address of its hardware, or the one that it has where there is none; null: not noted.</param>
internal sealed record InterfaceIdentity(int Index, PhysicalAddress? Mac)
{
    /// <summary>That of an interface.</summary>
    internal static InterfaceIdentity Of(LinkInfo link) => new(link.Index, MacOf(link));

    /// <summary>Reads <c>INDEX</c> or <c>INDEX MAC</c>.</summary>
    /// <returns>Null when it is neither.</returns>
    internal static InterfaceIdentity? Parse(ReadOnlySpan<string> words)
    {
        PhysicalAddress? mac = null;
        bool isSound = words is [_] || (words is [_, var address] && PhysicalAddress.TryParse(address, out mac));
        return isSound && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? new InterfaceIdentity(index, mac) : null;
    }

    /// <summary>Whether an interface of the same namespace is the one.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="name">What the one was called: counts where its address was not noted.</param>
    internal bool IsHere(LinkInfo link, string name) =>
        link.Index == Index && (Mac is null ? string.Equals(link.Name, name, StringComparison.Ordinal) : Mac.Equals(MacOf(link)));

    /// <summary>Whether an interface of any namespace is the one: hardware by its address, others by number and address.</summary>
    internal bool IsAnywhere(LinkInfo link) =>
        Mac is not null && (Mac.Equals(link.PermanentMac) || (link.Index == Index && Mac.Equals(MacOf(link))));

    /// <inheritdoc/>
    public override string ToString() => Mac is null
        ? Index.ToString(CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{Index} {Mac}");

    private static PhysicalAddress MacOf(LinkInfo link) => link.PermanentMac.Equals(PhysicalAddress.None) ? link.Mac : link.PermanentMac;
}
