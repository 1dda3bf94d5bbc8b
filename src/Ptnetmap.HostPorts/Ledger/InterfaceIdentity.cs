using System.Buffers;
using System.Globalization;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.HostPorts.Ledger;

/// <summary>What tells an interface from others when it is called something else, or another one is called as it
/// was.</summary>
/// <param name="Index">Its number. Another namespace gives it to another interface, and so does one of the same name
/// that was deleted and made again.</param>
/// <param name="Mac">The MAC address of its hardware, or the one that it has where there is none; null: not
/// noted.</param>
internal sealed record InterfaceIdentity(int Index, MacAddress? Mac)
{
    /// <summary>That of an interface.</summary>
    internal static InterfaceIdentity Of(LinkInfo link) => new(link.Index, MacOf(link));

    /// <summary>Reads <c>INDEX</c> or <c>INDEX MAC</c>.</summary>
    /// <returns>Null when it is neither.</returns>
    internal static InterfaceIdentity? Parse(ReadOnlySpan<string> words)
    {
        MacAddress? mac = words is [_, var address] ? ReadMac(address) : null;
        bool isSound = words.Length == 1 || mac is not null;
        return isSound && int.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out int index)
            ? new InterfaceIdentity(index, mac)
            : null;
    }

    /// <summary>Whether an interface of the same namespace is the one.</summary>
    /// <param name="link">The interface.</param>
    /// <param name="name">What the one was called: counts where its address was not noted.</param>
    internal bool IsHere(LinkInfo link, string name) =>
        link.Index == Index
            && (Mac is null ? string.Equals(link.Name, name, StringComparison.Ordinal) : Mac == MacOf(link));

    /// <summary>Whether an interface of any namespace is the one: hardware by its address, others by number and
    /// address.</summary>
    internal bool IsAnywhere(LinkInfo link) =>
        Mac is not null && (Mac == link.PermanentMac || (link.Index == Index && Mac == MacOf(link)));

    /// <inheritdoc/>
    public override string ToString() => Mac is { } mac
        ? string.Create(CultureInfo.InvariantCulture, $"{Index} {TextOf(mac)}")
        : Index.ToString(CultureInfo.InvariantCulture);

    /// <summary>An address as the ledger has it: twelve hexadecimal digits, for colons part words there.</summary>
    internal static string TextOf(MacAddress mac) => Convert.ToHexString(mac.ToBytes());

    /// <summary>Reads what <see cref="TextOf"/> wrote; null when it is none.</summary>
    internal static MacAddress? ReadMac(string text)
    {
        Span<byte> bytes = stackalloc byte[MacAddress.Length];
        return text.Length == 2 * MacAddress.Length
            && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done
            ? MacAddress.Read(bytes) : null;
    }

    private static MacAddress? MacOf(LinkInfo link) => link.PermanentMac ?? link.Mac;
}
