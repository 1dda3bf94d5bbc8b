namespace Ptnetmap.Ports.Switching;

/// <content>The rarer half: entries that come, move, age and go. Every change of a word is a compare-and-swap against
/// what was looked at, so none undoes another's; whoever loses leaves it to the next frame.</content>
public sealed partial class ForwardingTable
{
    /// <summary>Pins <paramref name="key"/> to <paramref name="port"/>: it is not moved by what is seen, and does not
    /// age. It goes when the port leaves.</summary>
    /// <returns>False when its set holds four other static entries.</returns>
    public bool TryAddStatic(ulong key, int port)
    {
        ulong product = Scramble(key);
        ulong pinned = TagOf(product) | ((ulong)(uint)port << PortShift) | StaticFlag;
        while (true)
        {
            if (FindPlace(product, out ulong found) is not { } place)
            {
                return false;
            }

            if (Interlocked.CompareExchange(ref _entries[place], pinned, found) == found)
            {
                Interlocked.Increment(ref _held[port]);
                Release(found);
                RemoveOthers(product, place);
                return true;
            }
        }
    }

    /// <summary>Forgets <paramref name="key"/>, static or not.</summary>
    /// <returns>False when it was not known.</returns>
    public bool Remove(ulong key) => RemoveOthers(Scramble(key), kept: -1);

    /// <summary>Forgets everything about <paramref name="port"/>.</summary>
    public void RemovePort(int port)
    {
        foreach (ref ulong entry in _entries.AsSpan())
        {
            ulong seen = Volatile.Read(ref entry);
            while (seen != 0 && (int)(byte)(seen >> PortShift) == port)
            {
                seen = TryClear(ref entry, seen) ? 0 : Volatile.Read(ref entry);
            }
        }

        LimitPort(port, DefaultAddressesPerPort);
    }

    private void LearnFurther(ulong product, ulong fresh)
    {
        if (FindPlace(product, out ulong found) is not { } place || found == fresh)
        {
            return;
        }

        bool pinned = (found & StaticFlag) != 0;
        if (!pinned)
        {
            Place(place, fresh, found);
        }
    }

    private bool TryClear(ref ulong entry, ulong seen)
    {
        bool cleared = Interlocked.CompareExchange(ref entry, 0, seen) == seen;
        Release(cleared ? seen : 0);
        return cleared;
    }

    // Where the key is; else an empty entry of its set; else the one longest unseen. Null: all four are static.
    private int? FindPlace(ulong product, out ulong found)
    {
        int set = SetOf(product);
        ulong tag = TagOf(product);
        int? best = null;
        int bestAge = -1;
        found = 0;
        for (int place = set; place < set + Ways; place++)
        {
            ulong entry = Volatile.Read(ref _entries[place]);
            if (IsSameKey(entry ^ tag))
            {
                found = entry;
                return place;
            }

            int age = entry == 0 ? int.MaxValue : (entry & StaticFlag) != 0 ? -1 : AgeAt(_stamp, entry);
            if (age > bestAge)
            {
                (best, bestAge, found) = (place, age, entry);
            }
        }

        return best;
    }

    // Two passes that learn one address at the same time can put it in two places; the first in the set is what counts.
    private bool RemoveOthers(ulong product, int kept)
    {
        int set = SetOf(product);
        bool any = false;
        for (int place = set; place < set + Ways; place++)
        {
            ulong entry = Volatile.Read(ref _entries[place]);
            if (place != kept && IsSameKey(entry ^ TagOf(product)))
            {
                any |= TryClear(ref _entries[place], entry);
            }
        }

        return any;
    }

    // Ages are told relative to the last sweep, when none was above the limit, plus what has gone by since: five bits
    // suffice however long the switch stood still. The new stamp is shown when the sweep is over, or else a fresh
    // entry would look like one almost a full turn old.
    private void Sweep(long swept, long now)
    {
        ulong before = StampOf(swept);
        long gone = now - swept;
        foreach (ref ulong entry in _entries.AsSpan())
        {
            ulong seen = Volatile.Read(ref entry);
            if (seen != 0 && (seen & StaticFlag) == 0 && AgeAt(before, seen) + gone > LifeTicks)
            {
                _ = TryClear(ref entry, seen);
            }
        }

        Volatile.Write(ref _stamp, StampOf(now));
    }

    private static ulong StampOf(long tick) => (ulong)(tick % Ticks) + 1;

    private static int AgeAt(ulong stamp, ulong entry)
    {
        int age = (int)stamp - (int)(entry & TickMask);
        return age < 0 ? age + Ticks : age;
    }
}
