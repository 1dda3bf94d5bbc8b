namespace Ptnetmap.HostPorts.Pcap;

/// <summary>What the times of one interface of a pcapng file count, and from when (options <c>if_tsresol</c> and
/// <c>if_tsoffset</c> of draft-ietf-opsawg-pcapng).</summary>
internal readonly record struct CaptureClock
{
    private const ulong NanosecondsPerSecond = 1_000_000_000;
    private const int NanosecondDigits = 9;
    private const byte PowerOfTwo = 0x80;

    // More digits than 64 bits have: such units are too small for any of their times to be a nanosecond.
    private const int MostDigits = 20;

    private readonly UInt128 _multiplier;
    private readonly UInt128 _divisor;
    private readonly Int128 _start;

    /// <summary>Makes one.</summary>
    /// <param name="resolution">A unit is a second by 10 to the power of this; with the highest bit, by 2 to the power
    /// of the rest.</param>
    /// <param name="offsetSeconds">Seconds to be added to each time.</param>
    internal CaptureClock(byte resolution, long offsetSeconds)
    {
        int power = resolution & ~PowerOfTwo;
        bool isBinary = (resolution & PowerOfTwo) != 0;
        _multiplier = isBinary ? NanosecondsPerSecond : PowerOfTen(NanosecondDigits - power);
        _divisor = isBinary ? UInt128.One << power : PowerOfTen(power - NanosecondDigits);
        _start = (Int128)offsetSeconds * NanosecondsPerSecond;
    }

    /// <summary>Microseconds since 1970, which is what an interface has that says nothing.</summary>
    internal static CaptureClock Usual { get; } = new(6, 0);

    /// <summary>Nanoseconds since 1970, rounded down: 64 bits of seconds are more than a long of nanoseconds
    /// holds.</summary>
    internal Int128 Nanoseconds(ulong units) => (Int128)(units * _multiplier / _divisor) + _start;

    private static UInt128 PowerOfTen(int power)
    {
        UInt128 value = 1;
        for (int i = 0; i < Math.Min(power, MostDigits); i++)
        {
            value *= 10;
        }

        return value;
    }
}
