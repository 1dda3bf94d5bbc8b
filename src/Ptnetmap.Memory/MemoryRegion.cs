using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>A memory region: one memfd with the three pools of <see cref="RegionLayout"/>. Whoever has it mapped can
/// reach everything in it, so only those who trust each other share one. Views that it gives out are safe until it is
/// disposed of; ports hold it until they are closed.</summary>
public sealed partial class MemoryRegion : IDisposable
{
    private const int HugePageSize = 2 << 20;

    // Held by nobody else any more, perhaps: a finaliser is not to unmap them either.
    private static readonly HashSet<MemoryRegion> Kept = [];

    private readonly MemoryMapping _mapping;
    private readonly RegionPages? _pages;
    private readonly Lock _lock = new();
    private int _openPorts;

    private MemoryRegion(string name, RegionLayout layout, FileDescriptor file, MemoryMapping mapping,
        PageBacking backing, RegionPages? pages = null)
    {
        Name = name;
        Layout = layout;
        File = file;
        _mapping = mapping;
        _pages = pages;
        Backing = backing;
        InterfacePool = new ObjectPool(layout.Interfaces.Count, 0);
        RingPool = new ObjectPool(layout.Rings.Count, 0);
        BufferPool = new ObjectPool(layout.Buffers.Count, NetmapAbi.FirstBuffer);
    }

    /// <summary>The region's name.</summary>
    public string Name { get; }

    /// <summary>Where everything lies.</summary>
    public RegionLayout Layout { get; }

    /// <summary>The memfd; with <see cref="Layout"/> all that another process needs to map the region.</summary>
    public FileDescriptor File { get; }

    /// <summary>Which pages it got.</summary>
    public PageBacking Backing { get; }

    /// <summary>Why the pages are smaller than asked for; null when they are not.</summary>
    public string? BackingNote { get; private init; }

    /// <summary>All of it, for KVM and AF_XDP.</summary>
    public MappedRange Range => _mapping.Range;

    /// <summary>True when somebody who has the memfd made a hole in its hugetlb pages, and the pool had none left to
    /// fill it: there this process sees other bytes than the others do. The region is of no use any more; whoever
    /// shares it did it.</summary>
    public bool IsLost => _mapping.IsLost;

    /// <summary>The packet buffers.</summary>
    public unsafe BufferPoolView Buffers =>
        new((byte*)_mapping.Address + Layout.Buffers.Offset, Layout.Buffers.Count, Layout.Buffers.ObjectSize);

    /// <summary>Which buffers are given out.</summary>
    public ObjectPool BufferPool { get; }

    internal ObjectPool InterfacePool { get; }

    internal ObjectPool RingPool { get; }

    /// <summary>Ports that are open in it.</summary>
    public int OpenPorts => Volatile.Read(ref _openPorts);

    /// <summary>Makes a region that holds what <paramref name="request"/> asks for. It takes no memory as yet, but is
    /// promised all that it may come to take.</summary>
    /// <param name="request">What is to have room.</param>
    /// <param name="limits">What the machine and the process's cgroup allow; null: those of this process.</param>
    /// <exception cref="RegionLimitException">It does not fit.</exception>
    /// <exception cref="LinuxException">The kernel has no memory for it.</exception>
    public static MemoryRegion Create(RegionRequest request, MemoryLimits? limits = null)
    {
        limits ??= MemoryLimits.OfThisProcess;
        RegionLayout layout = RegionLayout.Compute(request);
        limits.RequireFile($"region {request.Name}", layout.Size);
        string memfd = $"ptnet-{request.Name}";
        string? note = null;
        if (request.HugePages != HugePagePolicy.Off)
        {
            try
            {
                return CreateWithHugeTlb(request.Name, memfd, layout, limits);
            }
            catch (LinuxException refusal) when (request.HugePages == HugePagePolicy.Auto)
            {
                note = $"no 2 MiB hugetlb pages for {layout.Size / HugePageSize} x 2 MiB ({refusal.Message}); " +
                    $"to have them: echo {layout.Size / HugePageSize} > /proc/sys/vm/nr_hugepages";
            }
        }

        return CreateWithSmallPages(request, memfd, layout, limits, note);
    }

    /// <summary>Maps a region that another process made, from its memfd and its layout.</summary>
    /// <exception cref="RegionLimitException">The layout does not describe a region.</exception>
    /// <exception cref="LinuxException">The memory could shrink (it is not sealed), or cannot be mapped.</exception>
    public static MemoryRegion Map(string name, FileDescriptor file, RegionLayout layout)
    {
        layout.Validate();
        int seals = MemFd.GetSeals(file);
        if (seals < 0 || (seals & MemFd.ShrinkSeal) == 0)
        {
            throw new LinuxException($"region {name}: its memory is not sealed against shrinking (F_SEAL_SHRINK)");
        }

        // Beyond the end of the file, a mapping is a trap: the first access kills the process.
        long size = MemFd.GetSize(file);
        if (size < layout.Size)
        {
            throw new LinuxException($"region {name}: its memory has {size} bytes, its layout needs {layout.Size}");
        }

        FileDescriptor own = file.Duplicate();
        try
        {
            return new MemoryRegion(name, layout, own, MemoryMapping.MapShared(own, layout.Size), PageBacking.Small);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>Maps a region that a device shows as a BAR, from the file of the BAR (<c>resourceN</c> in sysfs). It
    /// has no seals and needs none: the kernel lets nobody shrink a device's BAR.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="bar">The BAR's file; may be closed afterwards.</param>
    /// <param name="barSize">Bytes of the BAR, as the bus says.</param>
    /// <param name="layout">What the device's registers say.</param>
    /// <exception cref="RegionLimitException">The layout does not describe a region, or one larger than the
    /// BAR.</exception>
    /// <exception cref="LinuxException">The BAR cannot be mapped.</exception>
    public static MemoryRegion MapDeviceBar(string name, FileDescriptor bar, long barSize, RegionLayout layout)
    {
        layout.Validate();
        if (barSize < layout.Size)
        {
            throw new RegionLimitException(
                $"region {name}: the device's BAR has {barSize} bytes, its registers speak of {layout.Size}");
        }

        FileDescriptor own = bar.Duplicate();
        try
        {
            return new MemoryRegion(name, layout, own, MemoryMapping.Map(own, layout.Size), PageBacking.Small);
        }
        catch
        {
            own.Dispose();
            throw;
        }
    }

    /// <summary>A ring at <paramref name="offset"/> from the region's start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the ring pool.</exception>
    public unsafe RingView RingAt(long offset, uint slots)
    {
        PoolLayout pool = Layout.Rings;
        long inPool = offset - pool.Offset;
        bool fits = inPool >= 0 && offset < pool.End && inPool % pool.ObjectSize == 0
            && slots >= 1 && NetmapAbi.RingHeaderSize + ((long)slots * NetmapAbi.SlotSize) <= pool.ObjectSize;
        return fits
            ? new RingView((byte*)_mapping.Address + offset, slots)
            : throw new ArgumentOutOfRangeException(nameof(offset), offset, $"no ring of {slots} slots there");
    }

    /// <summary>The <c>netmap_if</c> at <paramref name="offset"/> from the region's start.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It is not in the interface pool.</exception>
    public unsafe InterfaceView InterfaceAt(long offset)
    {
        PoolLayout pool = Layout.Interfaces;
        bool fits = offset >= 0 && offset < pool.End && offset % pool.ObjectSize == 0;
        return fits
            ? new InterfaceView((byte*)_mapping.Address + offset, pool.ObjectSize)
            : throw new ArgumentOutOfRangeException(nameof(offset), offset, "no netmap_if there");
    }

    /// <summary>Any bytes of the region.</summary>
    public unsafe Span<byte> Bytes(long offset, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(offset, Layout.Size - length);
        return new Span<byte>((byte*)_mapping.Address + offset, length);
    }

    /// <summary>Somebody who cannot be waited for may still use the region: it stays mapped for as long as the process
    /// lives, also when it is disposed of.</summary>
    public void KeepMapped()
    {
        lock (Kept)
        {
            Kept.Add(this);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (Kept)
        {
            if (Kept.Contains(this))
            {
                return;
            }
        }

        _mapping.Dispose();
        _pages?.Dispose();
        File.Dispose();
    }

    internal void PortOpened()
    {
        lock (_lock)
        {
            _openPorts++;
        }
    }

    /// <summary>A port has given its objects back. When it was the last, buffers that a guest lost (it overwrote the
    /// only slot that named them) are nobody's: the pool starts anew.</summary>
    internal void PortClosed()
    {
        lock (_lock)
        {
            if (--_openPorts == 0)
            {
                BufferPool.Reset();
            }
        }
    }

    private static MemoryRegion CreateWithSmallPages(RegionRequest request, string memfd, RegionLayout layout,
        MemoryLimits limits, string? note)
    {
        MemoryCommitment commitment = limits.Commit($"region {request.Name}", layout.Buffers.End);
        FileDescriptor? file = null;
        MemoryMapping? mapping = null;
        try
        {
            file = MemFd.CreateSealed(memfd, layout.Size);
            mapping = MemoryMapping.MapShared(file, layout.Size);
            bool isTransparent = request.HugePages == HugePagePolicy.Auto && mapping.AdviseHugePages()
                && TransparentHugePages.AllowedForSharedMemory();
            var pages = new RegionPages(
                mapping, isTransparent ? HugePageSize : RegionPages.SmallUnit, limits, commitment);
            PageBacking backing = isTransparent ? PageBacking.Transparent : PageBacking.Small;
            return new MemoryRegion(request.Name, layout, file, mapping, backing, pages) { BackingNote = note };
        }
        catch
        {
            mapping?.Dispose();
            file?.Dispose();
            commitment.Dispose();
            throw;
        }
    }

    // The kernel sets the pages aside when they are mapped, so there is nothing to be promised.
    private static MemoryRegion CreateWithHugeTlb(string name, string memfd, RegionLayout layout, MemoryLimits limits)
    {
        limits.RequireHugePages($"region {name}", layout.Size / HugePageSize);
        FileDescriptor file = MemFd.CreateSealed(memfd, layout.Size, hugeTlb: true);
        try
        {
            MemoryMapping mapping = MemoryMapping.MapShared(file, layout.Size);
            var pages = new RegionPages(mapping, HugePageSize, limits: null, commitment: null);
            return new MemoryRegion(name, layout, file, mapping, PageBacking.HugeTlb, pages);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }
}
