namespace Ptnetmap.Memory;

/// <summary>Which pages a region asks for.</summary>
public enum HugePagePolicy
{
    /// <summary>2 MiB pages where they are to be had: the hugetlb pool, else transparent ones, else small
    /// pages.</summary>
    Auto,

    /// <summary>Small pages.</summary>
    Off,

    /// <summary>The hugetlb pool or an error.</summary>
    Required,
}
