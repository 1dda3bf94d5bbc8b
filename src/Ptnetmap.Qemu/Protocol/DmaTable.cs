using System.Diagnostics.CodeAnalysis;
using Ptnetmap.Linux;
using Ptnetmap.Transports.Mapping;

namespace Ptnetmap.Qemu.Protocol;

/// <summary>The guest's memory, as the client says by <c>VFIO_USER_DMA_MAP</c> and <c>VFIO_USER_DMA_UNMAP</c>: ranges that
/// do not overlap, in order. Nothing is mapped here; a device maps the few pages that it was pointed at.</summary>
public sealed class DmaTable : IDisposable
{
    /// <summary>Most ranges.</summary>
    public const int MaxRanges = 4096;

    private const ulong PageMask = 4095;
    private const ulong UsualFiles = 512;

    // Of all open files that this process may have, so that one client leaves the others theirs.
    private const ulong Share = 8;

    private readonly List<DmaRange> _ranges = [];
    private int _files;

    /// <summary>Most ranges that have a descriptor: they are open files of this process, and a client may have an eighth of
    /// those (<c>ulimit -n</c>), 512 at most. QEMU has some ten.</summary>
    public static int MaxFiles { get; } = (int)Math.Min(UsualFiles, (ResourceLimits.Descriptors ?? ulong.MaxValue) / Share);

    /// <summary>The ranges, by address.</summary>
    public IReadOnlyList<DmaRange> Ranges => _ranges;

    /// <summary>Adds a range and takes its descriptor over.</summary>
    /// <exception cref="VfioUserException">It is absurd, overlaps another one, or there are too many.</exception>
    public DmaRange Map(in DmaMapRequest request, FileDescriptor? file)
    {
        Check(request);
        var range = new DmaRange(
            request.Address, request.Length, file, request.Offset,
            request.Flags == (DmaMapRequest.Readable | DmaMapRequest.Writable));
        int place = PlaceOf(request.Address);
        if ((place > 0 && _ranges[place - 1].End > range.Address) || (place < _ranges.Count && _ranges[place].Address < range.End))
        {
            throw new VfioUserException(
                Errno.Exists, $"DMA_MAP: {request.Length} bytes at 0x{request.Address:x} overlap a range that is mapped");
        }

        if (_ranges.Count == MaxRanges || (file is not null && _files == MaxFiles))
        {
            throw new VfioUserException(
                Errno.NoSpace, $"DMA_MAP: no more than {MaxRanges} ranges are taken, {MaxFiles} of them with a descriptor (an eighth of ulimit -n at most)");
        }

        _files += file is null ? 0 : 1;
        _ranges.Insert(place, range);
        return range;
    }

    /// <summary>The ranges that an unmap means: every one inside the span. None is no error, as with the kernel's
    /// <c>VFIO_IOMMU_UNMAP_DMA</c> (linux/vfio.h): QEMU unmaps the whole address space of a guest's IOMMU, in pieces of
    /// powers of two, whatever of it is mapped.</summary>
    /// <exception cref="VfioUserException">A range lies only partly in the span.</exception>
    public IReadOnlyList<DmaRange> Find(in DmaUnmapRequest request)
    {
        if (request.Flags == DmaUnmapRequest.All)
        {
            return request.Address == 0 && request.Length == 0
                ? [.. _ranges]
                : throw new VfioUserException("DMA_UNMAP: all ranges, and yet an address or a length");
        }

        if (request.Flags != 0 || request.Length == 0 || request.Address > ulong.MaxValue - request.Length)
        {
            throw new VfioUserException(
                $"DMA_UNMAP: flags {request.Flags:x}, {request.Length} bytes at 0x{request.Address:x}");
        }

        ulong end = request.Address + request.Length;
        var found = new List<DmaRange>();
        for (int i = Math.Max(0, PlaceOf(request.Address) - 1); i < _ranges.Count && _ranges[i].Address < end; i++)
        {
            DmaRange range = _ranges[i];
            if (range.Address >= request.Address && range.End <= end)
            {
                found.Add(range);
            }
            else if (range.End > request.Address)
            {
                throw new VfioUserException(
                    $"DMA_UNMAP: {request.Length} bytes at 0x{request.Address:x} cut the range at 0x{range.Address:x}");
            }
        }

        return found;
    }

    /// <summary>Takes a range out and closes its descriptor. Mappings of it live on; the device ends them before.</summary>
    public void Remove(DmaRange range)
    {
        if (_ranges.Remove(range) && range.File is not null)
        {
            _files--;
            range.File.Dispose();
        }
    }

    /// <summary>Finds the memory behind <paramref name="length"/> bytes of the guest's physical space.</summary>
    /// <returns>False unless they lie in one range that can be read and written and has a descriptor.</returns>
    public bool TryTranslate(ulong address, ulong length, [NotNullWhen(true)] out DmaRange? range)
    {
        range = null;
        int place = PlaceOf(address);
        DmaRange? candidate = place < _ranges.Count && _ranges[place].Address == address ? _ranges[place]
            : place > 0 ? _ranges[place - 1] : null;
        if (candidate is null || address >= candidate.End || length > candidate.End - address
            || candidate.File is null || !candidate.IsWritable)
        {
            return false;
        }

        range = candidate;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (DmaRange range in _ranges)
        {
            range.File?.Dispose();
        }

        _ranges.Clear();
        _files = 0;
    }

    private static void Check(in DmaMapRequest request)
    {
        bool sound = (request.Flags & ~(DmaMapRequest.Readable | DmaMapRequest.Writable)) == 0
            && request.Length != 0 && ((request.Address | request.Length | request.Offset) & PageMask) == 0
            && request.Address <= ulong.MaxValue - request.Length
            && request.Offset <= long.MaxValue && request.Length <= long.MaxValue - request.Offset;
        if (!sound)
        {
            throw new VfioUserException(
                $"DMA_MAP: {request.Length} bytes at 0x{request.Address:x}, offset {request.Offset}, flags {request.Flags:x}");
        }
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
