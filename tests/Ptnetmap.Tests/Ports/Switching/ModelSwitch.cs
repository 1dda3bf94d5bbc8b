using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>What a switch does, said as simply as can be: dictionaries and lists, one packet after the other.</summary>
internal sealed class ModelSwitch
{
    private readonly ModelPort[] _ports;
    private readonly Dictionary<int, (int Port, int SeenAt)> _learned = [];

    public ModelSwitch(params ModelPort[] ports) => _ports = ports;

    /// <summary>Seconds.</summary>
    public int Now { get; set; }

    /// <summary>Sends what one sync of a port hands over.</summary>
    public void Send(int from, IReadOnlyList<ModelPacket> packets)
    {
        var full = new HashSet<ModelPort>();
        foreach (ModelPacket packet in packets)
        {
            DropReason? refusal = packet.Fragments.Length > 64 ? DropReason.TooManyFragments
                : packet.Fragments[0] < 14 ? DropReason.Runt
                : null;
            ModelPort[] receivers = refusal is null ? Receivers(from, packet) : [];
            refusal ??= receivers.Length == 0 ? DropReason.NoDestination : null;
            if (refusal is { } reason)
            {
                _ports[from].Drops[(int)reason]++;
                continue;
            }

            _ports[from].Sent++;
            foreach (ModelPort receiver in receivers)
            {
                if (receiver.Refuse(packet, full) is { } because)
                {
                    _ports[from].Drops[(int)because]++;
                }
            }
        }
    }

    private ModelPort[] Receivers(int from, ModelPacket packet)
    {
        if (packet.Learn)
        {
            _learned[packet.From] = (from, Now);
        }

        ModelPort[] others = [.. _ports.Where(port => port != _ports[from])];
        if (packet.ForcedPort != 0)
        {
            return [.. others.Where(port => port == _ports.ElementAtOrDefault(packet.ForcedPort - 1))];
        }

        bool known = _learned.TryGetValue(packet.To, out (int Port, int SeenAt) entry) && Now - entry.SeenAt <= 15;
        return packet.To != Frame.Everyone && known ? [.. others.Where(port => port == _ports[entry.Port])] : others;
    }
}

/// <summary>A packet of the model: stations, and the lengths of its fragments.</summary>
internal sealed record ModelPacket(int To, int From, int[] Fragments, bool Learn, int ForcedPort, int Seed)
{
    public byte[] Bytes => Frame.Make(To, From, Fragments.Sum(), Seed);

    public override string ToString() =>
        $"{From}>{To} [{string.Join(' ', Fragments)}]{(Learn ? "" : " no-learn")}" +
        (ForcedPort == 0 ? "" : $" forced {ForcedPort}");
}

/// <summary>A port of the model: a queue of limited length.</summary>
internal sealed class ModelPort(int slots, int bufferSize, bool attached)
{
    public int Slots => slots;

    public int BufferSize => bufferSize;

    public bool Attached => attached;

    public long Sent { get; set; }

    public long[] Drops { get; } = new long[DropCounters.Length];

    public List<byte[]> Queue { get; } = [];

    public int UsedSlots { get; set; }

    public DropReason? Refuse(ModelPacket packet, HashSet<ModelPort> full)
    {
        int needed = packet.Fragments.Sum(length => Math.Max(1, (length + bufferSize - 1) / bufferSize));
        if (!attached)
        {
            return DropReason.NoReceiver;
        }

        if (needed > Math.Min(64, slots - 1))
        {
            return DropReason.Oversize;
        }

        if (full.Contains(this) || UsedSlots + needed > slots - 1)
        {
            full.Add(this);
            return DropReason.NoSpace;
        }

        UsedSlots += needed;
        Queue.Add(packet.Bytes);
        return null;
    }
}
