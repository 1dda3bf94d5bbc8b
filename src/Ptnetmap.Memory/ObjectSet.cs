namespace Ptnetmap.Memory;

/// <summary>Some of a pool's objects: a bit each, so that going through many slots again and again makes no garbage.
/// For one thread at a time.</summary>
/// <param name="count">Objects of the pool.</param>
public sealed class ObjectSet(uint count)
{
    private readonly ulong[] _words = new ulong[(count + 63) / 64];

    /// <summary>Takes all out.</summary>
    public void Clear() => Array.Clear(_words);

    /// <summary>Puts one in; false when it was in, or is none of the pool's.</summary>
    public bool Add(uint index)
    {
        if (index >= count)
        {
            return false;
        }

        ref ulong word = ref _words[index / 64];
        ulong bit = 1UL << (int)(index % 64);
        bool isNew = (word & bit) == 0;
        word |= bit;
        return isNew;
    }

    /// <summary>64 objects at a time, as the pool has them.</summary>
    internal ulong Word(int index) => _words[index];
}
