using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Transports.Mapping;

/// <summary>A client's memory, as it told: ranges that do not overlap, in order, with the descriptors that came with
/// them. Nothing is mapped here but what is asked for (<see cref="TryMap"/>): an address of the client's is never one
/// of ours, and what is used of its memory was found in a range, within its bounds.</summary>
public sealed class ClientMap : IDisposable
{
    /// <summary>Most ranges.</summary>
    public const int MaxRanges = 4096;

    private const ulong UsualFiles = 512;

    // Of all open files that this process may have, so that one client leaves the others theirs.
    private const ulong Share = 8;

    private readonly List<ClientRange> _ranges = [];
    private int _files;

    /// <summary>Most ranges that have a descriptor: they are open files of this process, and a client may have an
    /// eighth of those (<c>ulimit -n</c>), 512 at most. QEMU has some ten.</summary>
    public static int MaxFiles { get; } =
        (int)Math.Min(UsualFiles, (ResourceLimits.Descriptors ?? ulong.MaxValue) / Share);

    /// <summary>The ranges, by address.</summary>
    public IReadOnlyList<ClientRange> Ranges => _ranges;

    /// <summary>Adds a range, and takes its descriptor over if it is added.</summary>
    /// <exception cref="ArgumentException">It is not sound: whoever speaks with the client has to see that
    /// before.</exception>
    public MapResult Add(ClientRange range)
    {
        if (!range.IsSound)
        {
            throw new ArgumentException(
                $"a range that cannot be: {range.Length} bytes at 0x{range.Address:x}, offset {range.Offset}",
                nameof(range));
        }

        int place = PlaceOf(range.Address);
        if ((place > 0 && _ranges[place - 1].End > range.Address)
            || (place < _ranges.Count && _ranges[place].Address < range.End))
        {
            return MapResult.Overlaps;
        }

        if (_ranges.Count == MaxRanges || (range.File is not null && _files == MaxFiles))
        {
            return MapResult.TooMany;
        }

        _files += range.File is null ? 0 : 1;
        _ranges.Insert(place, range);
        return MapResult.Added;
    }

    /// <summary>The ranges that lie inside a span, which does not reach over the end of the address space.</summary>
    /// <param name="address">Where it begins.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="cut">A range that lies only partly in it; null when there is none.</param>
    public IReadOnlyList<ClientRange> Within(ulong address, ulong length, out ClientRange? cut)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(address, ulong.MaxValue - length);
        ulong end = address + length;
        cut = null;
        var found = new List<ClientRange>();
        for (int i = Math.Max(0, PlaceOf(address) - 1); i < _ranges.Count && _ranges[i].Address < end; i++)
        {
            ClientRange range = _ranges[i];
            if (range.Address >= address && range.End <= end)
            {
                found.Add(range);
            }
            else if (range.End > address)
            {
                cut ??= range;
            }
        }

        return found;
    }

    /// <summary>Takes a range out and closes its descriptor. Mappings of it live on; whoever has one ends it
    /// before.</summary>
    public void Remove(ClientRange range)
    {
        if (_ranges.Remove(range) && range.File is not null)
        {
            _files--;
            range.File.Dispose();
        }
    }

    /// <summary>Finds the range that <paramref name="length"/> bytes at <paramref name="address"/> lie in.</summary>
    /// <returns>False unless they lie in one that can be read and written and has a descriptor.</returns>
    public bool TryFind(ulong address, ulong length, [NotNullWhen(true)] out ClientRange? range)
    {
        range = null;
        int place = PlaceOf(address);
        ClientRange? candidate = place < _ranges.Count && _ranges[place].Address == address ? _ranges[place]
            : place > 0 ? _ranges[place - 1] : null;
        if (candidate is null || !candidate.Contains(address, length) || candidate.File is null
            || !candidate.IsWritable)
        {
            return false;
        }

        range = candidate;
        return true;
    }

    /// <summary>Maps a piece of the client's memory.</summary>
    /// <param name="address">Where the client has it.</param>
    /// <param name="length">Bytes, at least 1.</param>
    /// <param name="allowUnsealed">Map memory that its owner can shrink.</param>
    /// <param name="range">The range that it lies in: when that goes, the mapping has to.</param>
    /// <param name="memory">The mapping, the caller's to dispose of.</param>
    /// <returns>False unless it lies in one range that can be read and written and has a descriptor.</returns>
    /// <exception cref="LinuxException">The memory is of a kind that is not mapped, or cannot be mapped.</exception>
    public bool TryMap(
        ulong address,
        ulong length,
        bool allowUnsealed,
        [NotNullWhen(true)] out ClientRange? range,
        [NotNullWhen(true)] out ClientMemory? memory)
    {
        memory = null;
        if (!TryFind(address, length, out range))
        {
            return false;
        }

        Debug.Assert(range.Contains(address, length), "what is mapped lies in the range that was found");
        memory = ClientMemory.Map(range.File!, (long)(range.Offset + (address - range.Address)), (long)length,
            allowUnsealed);
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ClientRange range in _ranges)
        {
            range.File?.Dispose();
        }

        _ranges.Clear();
        _files = 0;
    }

    // The first range at or behind the address.
    private int PlaceOf(ulong address)
    {
        int low = 0;
        int high = _ranges.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_ranges[middle].Address < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
