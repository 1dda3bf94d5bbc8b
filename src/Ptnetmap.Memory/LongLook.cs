namespace Ptnetmap.Memory;

/// <summary>When it is worth to look for long before a sleep: after one that found something, always; after others, the
/// next 1, 3, 7, ... 63 waits are short ones.</summary>
public struct LongLook
{
    private const int MostSkipped = 63;

    private int _skips;
    private int _left;

    /// <summary>Whether this wait may be a long one.</summary>
    public bool IsDue()
    {
        bool isDue = _left == 0;
        _left -= isDue ? 0 : 1;
        return isDue;
    }

    /// <summary>A long one is over.</summary>
    /// <param name="found">It found something.</param>
    public void Done(bool found)
    {
        _skips = found ? 0 : Math.Min((2 * _skips) + 1, MostSkipped);
        _left = _skips;
    }
}
