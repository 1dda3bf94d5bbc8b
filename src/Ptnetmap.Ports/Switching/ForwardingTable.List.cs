namespace Ptnetmap.Ports.Switching;

/// <content>Looking at all of it, beside passes that learn: each word is read once and whole, and nothing is
/// written.</content>
public sealed partial class ForwardingTable
{
    /// <summary>What is remembered now, in no order. An address that passes are learning meanwhile may be missing, and
    /// one that two of them have put down at once is listed at the port that counts.</summary>
    public IReadOnlyList<ForwardingEntry> List()
    {
        var found = new Dictionary<ulong, ForwardingEntry>();
        ulong inverse = InverseOf(_multiplier);
        long swept = Volatile.Read(ref _sweptTick);
        long gone = _clockPerTick == 0 ? 0 : Math.Max(0, ((_clock.GetTimestamp() - _epoch) / _clockPerTick) - swept);
        for (int place = 0; place < Capacity; place++)
        {
            ulong entry = Volatile.Read(ref _entries[place]);
            bool isStatic = (entry & StaticFlag) != 0;
            long age = isStatic || _clockPerTick == 0 ? 0 : TicksSince(StampOf(swept), entry) + gone;
            if (entry == 0 || age > LifeTicks)
            {
                // None there, or one that the next pass forgets.
                continue;
            }

            ulong key = KeyOf(entry, place / Ways, inverse);
            TimeSpan? time = isStatic || _clockPerTick == 0
                ? null
                : TimeSpan.FromSeconds((double)age * _clockPerTick / _clock.TimestampFrequency);
            _ = found.TryAdd(key, new ForwardingEntry(key, PortOf(entry), isStatic, time));
        }

        return [.. found.Values];
    }

    // A pass may have stamped the entry after the last sweep was looked at; then it is as new as can be.
    private static int TicksSince(ulong stamp, ulong entry) =>
        AgeAt(stamp, entry) is <= LifeTicks and var age ? age : 0;

    // The set and the tag are the product's bits, and the product is the key times an odd number: both can be undone.
    private static ulong KeyOf(ulong entry, int set, ulong inverse)
    {
        ulong low = (entry & ~(PayloadLimit - 1)) >> SetBits;
        ulong top = (ulong)set ^ (((low << SetBits) ^ (low << (2 * SetBits))) >> (64 - SetBits));
        return (((top << (64 - SetBits)) | low) * inverse) >> (64 - KeyBits);
    }

    // Newton's: an odd number is its own inverse modulo 8, and each step doubles the bits that are right.
    private static ulong InverseOf(ulong odd)
    {
        ulong inverse = odd;
        for (int bits = 3; bits < 64; bits *= 2)
        {
            inverse *= 2 - (odd * inverse);
        }

        return inverse;
    }
}
