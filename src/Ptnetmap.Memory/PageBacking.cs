namespace Ptnetmap.Memory;

/// <summary>Which pages a region got.</summary>
public enum PageBacking
{
    /// <summary>4 KiB pages.</summary>
    Small,

    /// <summary>Transparent hugepages were advised; the kernel uses them as it finds them.</summary>
    Transparent,

    /// <summary>2 MiB pages of the hugetlb pool.</summary>
    HugeTlb,
}
