using Ptnetmap.Ports.Naming;

namespace Ptnetmap.Daemon.Configuration;

/// <summary>Finds bridges that close a way inside the daemon on which a broadcast would go round for ever: switches and pipes
/// are the places, bridges the ways between them. What leads out of the daemon, or through a guest, is not seen here.</summary>
internal static class BridgeLoops
{
    /// <summary>Whether two names are one port's, however they are spelled.</summary>
    internal static bool IsOne(string left, string right) =>
        PortName.TryParse(left, out PortName? one) && PortName.TryParse(right, out PortName? other)
        && (one.Port, one.Rings, one.Ring) == (other.Port, other.Rings, other.Ring);

    /// <summary>Says why two ports cannot be connected beside these bridges.</summary>
    /// <param name="bridges">The ports that are connected already.</param>
    /// <param name="left">One port.</param>
    /// <param name="right">The other.</param>
    /// <returns>Null when they can.</returns>
    internal static string? Find(IEnumerable<(string Left, string Right)> bridges, string left, string right)
    {
        string start = PlaceOf(left);
        string end = PlaceOf(right);
        if (string.Equals(start, end, StringComparison.Ordinal))
        {
            return $"{left} and {right} are both ports of {start}: a broadcast would go round between them for ever. " +
                "Connect it with another switch, or with a port of the host";
        }

        (string Left, string Right)[] way = [.. FindWay([.. bridges], start, end)];
        return way.Length == 0 ? null
            : $"{start} and {end} are connected already, by {string.Join(", ", way.Select(bridge => $"{bridge.Left} - {bridge.Right}"))}: " +
              $"over a second way a broadcast would go round for ever. Part the first one, if this one is wanted (ptnet bridge rm {way[0].Left})";
    }

    // A switch, a pipe, or the port itself.
    private static string PlaceOf(string name) => !PortName.TryParse(name, out PortName? port) ? name
        : port.Pipe != PipeEnd.None ? $"pipe {(port.Pipe == PipeEnd.Master ? port.Port : port.OtherEnd)}"
        : port.Kind == PortNameKind.Vale ? $"switch {port.Switch}"
        : name;

    // Breadth first, so that the shortest way is told.
    private static Stack<(string Left, string Right)> FindWay((string Left, string Right)[] bridges, string start, string end)
    {
        var reached = new Dictionary<string, (string From, int Bridge)>(StringComparer.Ordinal) { [start] = (start, -1) };
        var open = new Queue<string>([start]);
        while (!reached.ContainsKey(end) && open.TryDequeue(out string? place))
        {
            for (int i = 0; i < bridges.Length; i++)
            {
                (string left, string right) = (PlaceOf(bridges[i].Left), PlaceOf(bridges[i].Right));
                string? next = string.Equals(left, place, StringComparison.Ordinal) ? right
                    : string.Equals(right, place, StringComparison.Ordinal) ? left
                    : null;
                if (next is not null && reached.TryAdd(next, (place, i)))
                {
                    open.Enqueue(next);
                }
            }
        }

        var way = new Stack<(string Left, string Right)>();
        for (string at = end; reached.TryGetValue(at, out (string From, int Bridge) step) && step.Bridge >= 0; at = step.From)
        {
            way.Push(bridges[step.Bridge]);
        }

        return way;
    }
}
