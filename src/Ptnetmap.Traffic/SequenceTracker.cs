using System.Runtime.CompilerServices;

namespace Ptnetmap.Traffic;

/// <summary>Follows a stream of sequence numbers from 0 on and tells what became of it. In-order numbers cost one
/// comparison; only gaps are remembered, the latest 1024 of them: a number that comes later than that counts as
/// duplicated, and stays lost.</summary>
public sealed class SequenceTracker
{
    private const int MaxGaps = 1024;

    // Gaps [start, end) in no order, those with start == end closed again; the first _usedGaps places have been used.
    private readonly ulong[] _starts = new ulong[MaxGaps];
    private readonly ulong[] _ends = new ulong[MaxGaps];
    private ulong _expected;
    private int _nextGap;
    private int _usedGaps;

    /// <summary>The number that would be in order now.</summary>
    public ulong Expected => _expected;

    /// <summary>Numbers left out and not seen since.</summary>
    public long Lost { get; private set; }

    /// <summary>Numbers seen again.</summary>
    public long Duplicated { get; private set; }

    /// <summary>Numbers that came after a higher one.</summary>
    public long Reordered { get; private set; }

    /// <summary>The next number that came.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Observe(ulong sequence)
    {
        if (sequence == _expected)
        {
            _expected++;
        }
        else
        {
            ObserveOther(sequence);
        }
    }

    private void ObserveOther(ulong sequence)
    {
        if (sequence > _expected)
        {
            Lost += (long)(sequence - _expected);
            Remember(_expected, sequence);
            _expected = sequence + 1;
        }
        else if (TryFill(sequence))
        {
            Lost--;
            Reordered++;
        }
        else
        {
            Duplicated++;
        }
    }

    private void Remember(ulong start, ulong end)
    {
        _starts[_nextGap] = start;
        _ends[_nextGap] = end;
        _nextGap = (_nextGap + 1) % MaxGaps;
        _usedGaps = Math.Max(_usedGaps, _nextGap == 0 ? MaxGaps : _nextGap);
    }

    private bool TryFill(ulong sequence)
    {
        for (int i = 0; i < _usedGaps; i++)
        {
            ulong start = _starts[i];
            ulong end = _ends[i];
            if (sequence < start || sequence >= end)
            {
                continue;
            }

            // In the middle, the part above becomes a gap of its own (and may push the oldest out).
            if (sequence == start)
            {
                _starts[i] = sequence + 1;
            }
            else
            {
                _ends[i] = sequence;
                if (sequence + 1 < end)
                {
                    Remember(sequence + 1, end);
                }
            }

            return true;
        }

        return false;
    }
}
