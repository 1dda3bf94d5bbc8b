using System.Runtime.CompilerServices;
using Ptnetmap.Linux;

namespace Ptnetmap.Ports.Switching;

/// <summary>Which port an address was last seen at. A fixed number of entries in sets of four; an entry is one 64-bit
/// word, read and written whole, so that passes on all cores share the table without a lock.
/// <code>
///  key (60 bits) * secret odd number, modulo 2^60
///  | 10 bits, xor the tag's first 20: which set | 50 bits: tag |
///  entry: | tag 50 | port 8 | static 1 | tick 5 |      0 = empty
/// </code>
/// The product is a permutation of the keys, so set and tag together name exactly one key though the entry holds 50
/// bits of it. The secret keeps a guest from choosing addresses that crowd one set. Without the xor, one secret in 2000
/// puts addresses that count up, as those of virtual machines do, into few sets.
/// A tick is a fifteenth of the ageing time. Entries are stamped when their address is seen, and swept once a tick, so
/// a lookup never looks at the age. With ticks 1 to 31 no valid entry is 0.</summary>
public sealed partial class ForwardingTable
{
    /// <summary>Entries; when an address finds its set full, it takes the place of the one longest unseen.</summary>
    public const int Capacity = Ways << SetBits;

    /// <summary>Bits of a key.</summary>
    public const int KeyBits = 60;

    /// <summary>How long an address is remembered, unless said otherwise: five minutes, as bridges do (IEEE
    /// 802.1D).</summary>
    public static readonly TimeSpan DefaultAgeing = TimeSpan.FromSeconds(300);

    private const int Ways = 4;
    private const int SetBits = 10;
    private const int PortShift = 6;
    private const ulong TickMask = 31;
    private const ulong StaticFlag = 32;
    private const ulong PayloadLimit = 1UL << 14;
    private const int Ticks = 31;
    private const int LifeTicks = 15;

    private readonly ulong[] _entries = new ulong[Capacity];
    private readonly ulong _multiplier;
    private readonly TimeProvider _clock;
    private readonly long _clockPerTick;
    private readonly long _epoch;
    private ulong _stamp = 1;
    private long _sweptTick;

    /// <summary>Makes an empty table.</summary>
    /// <param name="ageing">How long an address is remembered after it was last seen; it is forgotten up to a fifteenth
    /// later. <see cref="Timeout.InfiniteTimeSpan"/>: for ever.</param>
    /// <param name="clock">The clock; only its monotonic timestamp is used.</param>
    /// <param name="secret">The multiplier, made odd; null: drawn at random.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="ageing"/> is not positive.</exception>
    public ForwardingTable(TimeSpan ageing, TimeProvider clock, ulong? secret = null)
    {
        if (ageing != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ageing, TimeSpan.Zero);
            double perTick = ageing.TotalSeconds * clock.TimestampFrequency / LifeTicks;
            _clockPerTick = Math.Max(1, (long)perTick);
        }

        _clock = clock;
        _epoch = clock.GetTimestamp();
        _multiplier = (secret ?? RandomNumber.Draw()) | 1;
    }

    /// <summary>Addresses that are remembered, static ones included. Counts them; for display.</summary>
    public int Count => _entries.Count(entry => entry != 0);

    /// <summary>The port that <paramref name="key"/> was seen at, 0 when it is not known.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(ulong key)
    {
        ulong product = Scramble(key);
        ulong difference = _entries[SetOf(product)] ^ TagOf(product);
        return IsSameKey(difference) ? (int)(difference >> PortShift) : FindFurther(product);
    }

    /// <summary>Remembers that <paramref name="key"/> was seen at <paramref name="port"/> just now.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Learn(ulong key, int port)
    {
        ulong product = Scramble(key);
        ulong fresh = TagOf(product) | ((ulong)(uint)port << PortShift) | _stamp;
        ulong difference = _entries[SetOf(product)] ^ fresh;

        // A static entry of the same key and port, which has no tick, differs in its flag and the tick: it stays as it
        // is.
        if (difference != 0 && difference - StaticFlag > TickMask)
        {
            LearnFurther(product, fresh);
        }
    }

    /// <summary>Looks at the clock; when a tick has gone by, forgets what has not been seen for the ageing
    /// time.</summary>
    public void Tick()
    {
        if (_clockPerTick == 0)
        {
            return;
        }

        long now = (_clock.GetTimestamp() - _epoch) / _clockPerTick;
        long swept = Volatile.Read(ref _sweptTick);
        if (now > swept && Interlocked.CompareExchange(ref _sweptTick, now, swept) == swept)
        {
            Sweep(swept, now);
        }
    }

    private static bool IsSameKey(ulong difference) => difference - 1 < PayloadLimit - 1;

    private static int SetOf(ulong product) =>
        (int)((product ^ (product << SetBits) ^ (product << (2 * SetBits))) >> (64 - SetBits)) * Ways;

    private static ulong TagOf(ulong product) => product << SetBits;

    // The key is shifted to the top: of the 64-bit product, the low four bits are then 0 and the rest is key * secret
    // modulo 2^60.
    private ulong Scramble(ulong key) => (key << (64 - KeyBits)) * _multiplier;

    private int FindFurther(ulong product)
    {
        ulong tag = TagOf(product);
        foreach (ulong entry in _entries.AsSpan(SetOf(product) + 1, Ways - 1))
        {
            ulong difference = entry ^ tag;
            if (IsSameKey(difference))
            {
                return (int)(difference >> PortShift);
            }
        }

        return 0;
    }
}
