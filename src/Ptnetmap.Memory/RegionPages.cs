using System.Diagnostics;
using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>Which pages of a region are there. They come when they are about to be used (a port is opened, a guest is
/// attached) and not with a packet, and they come in steps, each of which may be refused, where one large step would
/// have the kernel kill for it.</summary>
internal sealed class RegionPages : IDisposable
{
    /// <summary>Bytes that come at least at a time, of small pages.</summary>
    internal const long SmallUnit = 64L << 10;

    private const long Step = 32L << 20;

    private readonly Lock _lock = new();
    private readonly MemoryMapping _mapping;
    private readonly long _unit;
    private readonly MemoryLimits? _limits;
    private readonly MemoryCommitment? _commitment;
    private readonly ulong[] _there;
    private long _populated;
    private bool _comeByThemselves;

    /// <summary>Of a new region, none of whose pages are there.</summary>
    /// <param name="mapping">The region's.</param>
    /// <param name="unit">Bytes that come at least at a time: a power of two, and whole pages.</param>
    /// <param name="limits">Asked before each step; null where the pages are set aside already.</param>
    /// <param name="commitment">The promise that they are taken from, this object's from now on; null with
    /// <paramref name="limits"/>.</param>
    internal RegionPages(MemoryMapping mapping, long unit, MemoryLimits? limits, MemoryCommitment? commitment)
    {
        _mapping = mapping;
        _unit = unit;
        _limits = limits;
        _commitment = commitment;
        _there = new ulong[((mapping.Length / unit) + 63) / 64];
    }

    /// <summary>Bytes that are there.</summary>
    internal long Populated => Volatile.Read(ref _populated);

    /// <summary>Has the pages of a piece of the region there.</summary>
    /// <param name="what">Whom they are for, for the message: <c>port vale0:a</c>.</param>
    /// <param name="offset">Where the piece begins.</param>
    /// <param name="length">Its bytes.</param>
    /// <exception cref="MemoryLimitException">A limit leaves no more.</exception>
    /// <exception cref="LinuxException">The kernel has no more.</exception>
    internal void Populate(string what, long offset, long length)
    {
        Debug.Assert(offset >= 0 && length >= 0 && length <= _mapping.Length - offset, "the piece is in the region");
        long end = length == 0 ? 0 : (offset + length + _unit - 1) / _unit;
        lock (_lock)
        {
            for (long unit = offset / _unit; unit < end && !_comeByThemselves; unit++)
            {
                if (!IsThere(unit))
                {
                    unit = PopulateFrom(what, unit, end) - 1;
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _commitment?.Dispose();

    // At most a step, up to what is there already.
    private long PopulateFrom(string what, long first, long end)
    {
        long behind = first + 1;
        while (behind < end && behind - first < Step / _unit && !IsThere(behind))
        {
            behind++;
        }

        long bytes = (behind - first) * _unit;
        _limits?.TakePages(what, bytes);
        if (!_mapping.TryPopulate(first * _unit, bytes))
        {
            _comeByThemselves = true;
            return behind;
        }

        for (long unit = first; unit < behind; unit++)
        {
            _there[unit / 64] |= 1UL << (int)(unit % 64);
        }

        _ = Interlocked.Add(ref _populated, bytes);
        _commitment?.Spend(bytes);
        return behind;
    }

    private bool IsThere(long unit) => (_there[unit / 64] & (1UL << (int)(unit % 64))) != 0;
}
