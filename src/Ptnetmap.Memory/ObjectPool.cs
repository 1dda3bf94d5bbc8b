using System.Numerics;

namespace Ptnetmap.Memory;

/// <summary>Which objects of a pool are given out: a bitmap, so that giving one back twice is noticed. Control path
/// only, under a lock.</summary>
public sealed class ObjectPool
{
    private readonly Lock _lock = new();
    private readonly ulong[] _used;
    private readonly uint _first;
    private int _searchFrom;

    /// <summary>Makes a pool of <paramref name="count"/> objects, of which those below <paramref name="first"/> are
    /// never given out.</summary>
    public ObjectPool(uint count, uint first)
    {
        Count = count;
        _first = first;
        _used = new ulong[(count + 63) / 64];
        Reset();
    }

    /// <summary>Objects, given out or not.</summary>
    public uint Count { get; }

    /// <summary>Objects that can be given out now.</summary>
    public uint Free { get; private set; }

    /// <summary>Gives one out; the lowest that is free, so that a fresh port has neighbouring buffers.</summary>
    public bool TryAllocate(out uint index)
    {
        lock (_lock)
        {
            for (int word = _searchFrom; word < _used.Length; word++)
            {
                if (_used[word] == ulong.MaxValue)
                {
                    continue;
                }

                int bit = BitOperations.TrailingZeroCount(~_used[word]);
                _used[word] |= 1UL << bit;
                _searchFrom = word;
                Free--;
                index = (uint)((word * 64) + bit);
                return true;
            }
        }

        index = 0;
        return false;
    }

    /// <summary>Takes one back; false when it was not given out, or is none of this pool: nothing is done
    /// then.</summary>
    public bool TryFree(uint index)
    {
        lock (_lock)
        {
            int word = (int)(index / 64);
            ulong bit = 1UL << (int)(index % 64);
            if (index < _first || index >= Count || (_used[word] & bit) == 0)
            {
                return false;
            }

            _used[word] &= ~bit;
            _searchFrom = Math.Min(_searchFrom, word);
            Free++;
            return true;
        }
    }

    /// <summary>Takes all back, whoever has them.</summary>
    public void Reset()
    {
        lock (_lock)
        {
            Array.Clear(_used);
            for (uint i = 0; i < _first; i++)
            {
                _used[i / 64] |= 1UL << (int)(i % 64);
            }

            for (uint i = Count; i < _used.Length * 64; i++)
            {
                _used[i / 64] |= 1UL << (int)(i % 64);
            }

            Free = Count - _first;
            _searchFrom = 0;
        }
    }

    /// <summary>Takes all back but those in <paramref name="kept"/>, which become given out whether they were or
    /// not.</summary>
    public void KeepOnly(ObjectSet kept)
    {
        lock (_lock)
        {
            Reset();
            uint used = 0;
            for (int word = 0; word < _used.Length; word++)
            {
                _used[word] |= kept.Word(word);
                used += (uint)BitOperations.PopCount(_used[word]);
            }

            // The bits behind the last object are set as well.
            Free = (uint)(_used.Length * 64) - used;
        }
    }
}
