namespace Ptnetmap.Ports.Switching;

/// <content>How many addresses each port may have in the table, so that a guest that makes up source addresses
/// displaces its own, and not everybody's.</content>
public sealed partial class ForwardingTable
{
    /// <summary>Addresses of one port, unless said otherwise: a quarter of the table.</summary>
    public const int DefaultAddressesPerPort = Capacity / 4;

    private const int PortNumbers = 256;

    private readonly int[] _held = new int[PortNumbers];
    private readonly int[] _most = [.. Enumerable.Repeat(DefaultAddressesPerPort, PortNumbers)];
    private long _refused;

    /// <summary>Addresses that were not learned, because their port had as many as it may have. An address that is not
    /// learned is flooded to, and refused again with its next frame.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Addresses that <paramref name="port"/> has in the table.</summary>
    public int HeldBy(int port) => Volatile.Read(ref _held[port]);

    /// <summary>Says how many addresses are learned of a port; static ones are not limited. Forgotten when it
    /// leaves.</summary>
    public void LimitPort(int port, int most) => Volatile.Write(ref _most[port], most);

    private static int PortOf(ulong entry) => (byte)(entry >> PortShift);

    private bool TryHold(int port)
    {
        if (Interlocked.Increment(ref _held[port]) <= Volatile.Read(ref _most[port]))
        {
            return true;
        }

        Interlocked.Decrement(ref _held[port]);
        Interlocked.Increment(ref _refused);
        return false;
    }

    private void Release(ulong entry)
    {
        if (entry != 0)
        {
            Interlocked.Decrement(ref _held[PortOf(entry)]);
        }
    }

    // Puts an entry in the place of another one, or of none. Whoever loses the race leaves it to the next frame.
    private void Place(int place, ulong fresh, ulong found)
    {
        bool sameOwner = found != 0 && PortOf(found) == PortOf(fresh);
        if (!sameOwner && !TryHold(PortOf(fresh)))
        {
            return;
        }

        bool placed = Interlocked.CompareExchange(ref _entries[place], fresh, found) == found;
        if (!sameOwner)
        {
            Release(placed ? found : fresh);
        }
    }
}
