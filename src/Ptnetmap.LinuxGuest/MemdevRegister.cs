namespace Ptnetmap.LinuxGuest;

/// <summary>Offsets of the ptnetmap-memdev device's registers.</summary>
internal static class MemdevRegister
{
    internal const ushort Device = 0x000C;
    internal const int SizeLow = 0;
    internal const int SizeHigh = 4;
    internal const int Id = 8;
    internal const int Interfaces = 64;
    internal const int Rings = 76;
    internal const int Buffers = 88;

    /// <summary>Of a pool's three registers: offset, objects, size of an object.</summary>
    internal const int Count = 4;

    internal const int ObjectSize = 8;

    /// <summary>The BAR with the region.</summary>
    internal const int RegionBar = 1;
}
