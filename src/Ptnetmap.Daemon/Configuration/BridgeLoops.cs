namespace Ptnetmap.Daemon.Configuration;

/// <summary>Finds bridges that close a way inside the daemon on which a broadcast would go round for ever: switches and
/// pipes are the places, bridges the ways between them. What leads out of the daemon, or through a guest, is not seen
/// here.</summary>
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
    /// <param name="sides">Knows ports that are the two sides of one interface.</param>
    /// <returns>Null when they can.</returns>
    internal static string? Find(IEnumerable<(string Left, string Right)> bridges, string left, string right,
        InterfaceSides sides)
    {
        string start = PlaceOf(left);
        string end = PlaceOf(right);
        if (string.Equals(start, end, StringComparison.Ordinal))
        {
            return $"{left} and {right} are both ports of {start}: a broadcast would go round between them for ever. " +
                "Connect it with another switch, or with a port of the host";
        }

        if (sides.AreJoined(left, right))
        {
            return $"{left} and {right} are the two sides of interface " +
                $"{sides.InterfaceOf(left)}, and what is sent on one arrives on the other: " +
                "a broadcast would go round between them for ever. Connect one of them with a switch, or with " +
                "another port";
        }

        (string Left, string Right)[] way = [.. FindWay([.. bridges], start, end, sides)];
        return way.Length == 0 ? null
            : $"{start} and {end} are connected already, by " +
                $"{string.Join(", ", way.Select(bridge => $"{bridge.Left} - {bridge.Right}"))}: " +
              "over a second way a broadcast would go round for ever. Part the first one, if this one is wanted " +
              $"(ptnet bridge rm {way[0].Left})";
    }

    // A switch, a pipe, or the port itself.
    private static string PlaceOf(string name) => !PortName.TryParse(name, out PortName? port) ? name
        : port.Pipe != PipeEnd.None ? $"pipe {(port.Pipe == PipeEnd.Master ? port.Port : port.OtherEnd)}"
        : port.Kind == PortNameKind.Vale ? $"switch {port.Switch}"
        : name;

    // Breadth first, so that the shortest way is told. Nothing goes back by the bridge or the interface that it came
    // by.
    private static Stack<(string Left, string Right)> FindWay(
        (string Left, string Right)[] bridges, string start, string end, InterfaceSides sides)
    {
        string[] ports = [.. bridges.SelectMany(bridge => (string[])[bridge.Left, bridge.Right]).Append(start)
            .Append(end).Distinct(StringComparer.Ordinal)];
        (string Place, bool ByInterface) first = (start, false);
        Dictionary<(string Place, bool ByInterface), ((string Place, bool ByInterface) From, int Bridge)> reached =
            new() { [first] = (first, -1) };
        var open = new Queue<(string Place, bool ByInterface)>([first]);
        (string Place, bool ByInterface)? arrived = null;
        while (arrived is null && open.TryDequeue(out (string Place, bool ByInterface) at))
        {
            arrived = string.Equals(at.Place, end, StringComparison.Ordinal) ? at : null;
            for (int i = 0; i < bridges.Length; i++)
            {
                if (i == reached[at].Bridge)
                {
                    continue;
                }

                (string left, string right) = (PlaceOf(bridges[i].Left), PlaceOf(bridges[i].Right));
                Reach(string.Equals(left, at.Place, StringComparison.Ordinal) ? right
                    : string.Equals(right, at.Place, StringComparison.Ordinal) ? left : null, i);
            }

            foreach (string port in at.ByInterface ? [] : ports.Where(port => sides.AreJoined(at.Place, port)))
            {
                Reach(port, -1);
            }

            void Reach(string? next, int bridge)
            {
                if (next is not null && reached.TryAdd((next, bridge < 0), (at, bridge)))
                {
                    open.Enqueue((next, bridge < 0));
                }
            }
        }

        var way = new Stack<(string Left, string Right)>();
        for ((string Place, bool ByInterface)? at = arrived; at is { } place
            && place != first; at = reached[place].From)
        {
            if (reached[place].Bridge is >= 0 and var bridge)
            {
                way.Push(bridges[bridge]);
            }
        }

        return way;
    }
}
