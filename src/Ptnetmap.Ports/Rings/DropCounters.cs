using System.Runtime.CompilerServices;

namespace Ptnetmap.Ports.Rings;

/// <summary>One number a <see cref="DropReason"/>.</summary>
[InlineArray(Length)]
public struct DropCounters
{
    /// <summary>Number of reasons.</summary>
    public const int Length = (int)DropReason.ForeignVlan + 1;

    private long _first;

    /// <summary>Drops for <paramref name="reason"/>.</summary>
    public readonly long Of(DropReason reason) => this[(int)reason];

    /// <summary>Counts <paramref name="count"/> more.</summary>
    public void Add(DropReason reason, long count = 1) => this[(int)reason] += count;

    /// <summary>All drops.</summary>
    public readonly long Total
    {
        get
        {
            long sum = 0;
            foreach (long count in this)
            {
                sum += count;
            }

            return sum;
        }
    }
}
