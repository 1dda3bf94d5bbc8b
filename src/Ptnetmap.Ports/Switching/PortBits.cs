using System.Numerics;
using System.Runtime.CompilerServices;

namespace Ptnetmap.Ports.Switching;

/// <summary>A set of port numbers, 0 to 255.</summary>
[InlineArray(Words)]
internal struct PortBits
{
    /// <summary>The most ports of a switch. Their numbers are 1 to 254; 0 in a slot's high byte means "look it
    /// up".</summary>
    public const int MaxPorts = 254;

    /// <summary>Words of 64 bits.</summary>
    public const int Words = 4;

    private ulong _first;

    public readonly bool IsEmpty => (this[0] | this[1] | this[2] | this[3]) == 0;

    /// <summary>The lowest number above <paramref name="number"/>, or else the lowest there is; 0 when there is
    /// none.</summary>
    public readonly int NextAfter(int number)
    {
        for (int i = 0; i <= Words; i++)
        {
            int at = ((number >> 6) + i) % Words;
            ulong word = this[at];
            word &= i == 0 ? (ulong.MaxValue << number) << 1 : ulong.MaxValue;
            if (word != 0)
            {
                return (at << 6) + BitOperations.TrailingZeroCount(word);
            }
        }

        return 0;
    }

    public void Remove(int number) => this[(byte)number >> 6] &= ~(1UL << number);

    public void Add(int number) => this[(byte)number >> 6] |= 1UL << number;

    /// <summary>Takes the lowest number out. False when there is none.</summary>
    public bool TryTake(out int number)
    {
        for (int i = 0; i < Words; i++)
        {
            ulong word = this[i];
            if (word != 0)
            {
                this[i] = word & (word - 1);
                number = (i << 6) + BitOperations.TrailingZeroCount(word);
                return true;
            }
        }

        number = 0;
        return false;
    }
}
