using Ptnetmap.Linux.Net;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>The two sides that the daemon can have of one interface: as the program behind a TAP interface
/// (<c>tap:x</c>), and in place of the kernel (<c>netmap:x</c>). What is sent on one arrives on the other, as between
/// the ends of a pipe.</summary>
/// <param name="hostOf">What is set of a port's interface, by the port's name; null: nothing.</param>
internal sealed class InterfaceSides(Func<string, HostSettings?> hostOf)
{
    /// <summary>Whether what one port sends arrives on the other, by an interface of the kernel's.</summary>
    internal bool AreJoined(string left, string right) =>
        KeyOf(left) is { } one && KeyOf(right) is { } other && one.IsTap != other.IsTap
        && string.Equals(one.Space, other.Space, StringComparison.Ordinal)
        && string.Equals(one.Interface, other.Interface, StringComparison.Ordinal);

    /// <summary>The interface of a port, for messages.</summary>
    internal string InterfaceOf(string port) => KeyOf(port)?.Interface ?? port;

    // The stack's side of an interface (x^) is neither: what is sent there goes to the kernel.
    private (bool IsTap, string Space, string Interface)? KeyOf(string port)
    {
        if (!PortName.TryParse(port, out PortName? name) || name.Pipe != PipeEnd.None
            || name is not ({ Kind: PortNameKind.Tap }
                or { Kind: PortNameKind.Interface, Rings: RingChoice.All or RingChoice.One }))
        {
            return null;
        }

        HostSettings? host = hostOf(port);
        return (name.Kind == PortNameKind.Tap, host?.Netns is { } space ? NamespaceNames.PathOf(space) : "",
            host?.Interface ?? name.Part);
    }
}
