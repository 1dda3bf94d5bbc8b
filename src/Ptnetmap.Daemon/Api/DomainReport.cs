using Ptnetmap.Daemon.Running;
using Ptnetmap.Memory;

namespace Ptnetmap.Daemon.Api;

/// <summary>A trust domain.</summary>
public sealed record DomainReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its region's id.</summary>
    public required int RegionId { get; init; }

    /// <summary>Bytes of the region.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of it that take memory: what its ports and their guests have used so far.</summary>
    public required long PopulatedBytes { get; init; }

    /// <summary>Pages that it got: hugetlb, transparent or small.</summary>
    public required string Pages { get; init; }

    /// <summary>Why the pages are smaller than asked for.</summary>
    public string? PagesNote { get; init; }

    /// <summary>Ports that it has room for.</summary>
    public required uint Room { get; init; }

    /// <summary>Buffers.</summary>
    public required uint Buffers { get; init; }

    /// <summary>Buffers that no port has.</summary>
    public required uint FreeBuffers { get; init; }

    /// <summary>Bytes of a buffer.</summary>
    public required uint BufferSize { get; init; }

    /// <summary>True when it was made for one port or pipe and goes with it.</summary>
    public required bool GoesWithPort { get; init; }

    /// <summary>Its ports.</summary>
    public required IReadOnlyList<string> Ports { get; init; }

    internal static DomainReport Of(TrustDomain domain, Inventory inventory)
    {
        RegionLayout layout = domain.Region.Layout;
        return new DomainReport
        {
            Name = domain.Name,
            RegionId = layout.Id,
            Bytes = layout.Size,
            PopulatedBytes = domain.Region.PopulatedBytes,
            Pages = domain.Region.Backing.ToString().ToLowerInvariant(),
            PagesNote = domain.Region.BackingNote,
            Room = layout.Interfaces.Count,
            Buffers = layout.Buffers.Count,
            FreeBuffers = domain.Region.BufferPool.Free,
            BufferSize = layout.Buffers.ObjectSize,
            GoesWithPort = domain.GoesWithPort,
            Ports = [.. inventory.Ports.Where(port => port.Domain == domain).Select(port => port.Name)],
        };
    }
}
