using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Running;

/// <summary>What ports that are there may be connected, and what is told of those that may not.</summary>
internal static class BridgeRules
{
    /// <summary>Refuses a port that is connected with another.</summary>
    /// <exception cref="RefusalException">It is.</exception>
    internal static void RefuseBridged(ServedPort port)
    {
        if (port.Bridge is { } bridge)
        {
            throw new RefusalException(
                RefusalKind.Conflict,
                $"port {port.Name} is connected with " +
                $"{bridge.Other(port).Name}; part them first (ptnet bridge rm {bridge.Name})");
        }
    }

    /// <summary>Refuses a port that is connected with another, or has a guest.</summary>
    /// <exception cref="RefusalException">It is, or has.</exception>
    internal static void RefuseUsed(ServedPort port)
    {
        RefuseBridged(port);
        if (port.HasGuest)
        {
            throw new RefusalException(
                RefusalKind.Conflict, $"port {port.Name} has a guest; detach it first (ptnet port detach {port.Name})");
        }
    }

    /// <summary>Refuses a bridge that does not end at a switch.</summary>
    /// <param name="bridge">The bridge.</param>
    /// <param name="port">The end that was named.</param>
    /// <param name="vale">The switch that the other end is to be on; null: whatever it is.</param>
    /// <exception cref="RefusalException">It is not.</exception>
    internal static void RefuseElsewhere(ServedBridge bridge, string port, string? vale)
    {
        ServedPort other = string.Equals(bridge.Left.Name, port, StringComparison.Ordinal) ? bridge.Right : bridge.Left;
        string? on = (other.Port as ValePort)?.Switch.Name;
        if (vale is not null && !string.Equals(on, vale, StringComparison.Ordinal))
        {
            throw new RefusalException(
                RefusalKind.Conflict,
                on is null
                    ? $"{port} is not on " +
                        $"{vale}, it is connected with {other.Name}; to part these: ptnet bridge rm {port}"
                    : $"{port} is not on {vale}, it is on {on}; to take it off there: ptnet switch detach {on} {port}");
        }
    }

    /// <summary>Refuses settings of ports that are there already: what those are like was said when they were
    /// made.</summary>
    /// <param name="settings">The bridge's settings.</param>
    /// <param name="made">Those of its ports that were made for it.</param>
    /// <exception cref="RefusalException">There is one.</exception>
    internal static void RefuseUnused(BridgeSettings settings, IReadOnlyList<ServedPort> made)
    {
        var usual = new BridgeSettings();
        string[] madeKeys = [.. made.SelectMany(port => HostKeys.Of(port.Name))];
        IEnumerable<string> unused = settings.Host is null ? []
            : HostKeys.SetIn(settings.Host).Except(madeKeys, StringComparer.Ordinal).Select(key => $"host.{key}");
        string[] ofMade = made.Count > 0 ? [] :
        [
            .. settings.Domain is null ? [] : (string[])["domain"],
            .. settings.Rings == usual.Rings ? [] : (string[])["rings"],
            .. settings.Slots == usual.Slots ? [] : (string[])["slots"],
        ];
        string[] there = [.. ((string[])[settings.Left, settings.Right]).Except(made.Select(port => port.Name),
            StringComparer.Ordinal)];
        string are = $"{string.Join(" and ", there)} {(there.Length > 1 ? "are both" : "is")} there already";
        Refusals.Require(
            unused.Concat(ofMade).Select(key => new Fault(key, $"is of a port that is made for the bridge; {are}")));
    }

    /// <summary>A port that has a region for itself was given just what it needs.</summary>
    /// <param name="settings">The bridge that had no room.</param>
    /// <param name="domain">Where it was to lie.</param>
    internal static RefusalException NoRoom(BridgeSettings settings, TrustDomain domain) => new(
        RefusalKind.Conflict,
        $"{settings.Left} and {settings.Right} have to lie in one region, and that of " +
        $"{domain.Name} has no room for two: make a trust domain " +
        "for both (ptnet domain add NAME --ports 2), and open them in it (ptnet port add PORT --domain NAME)");
}
