using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <content>Its pages, which come when they are about to be used.</content>
public sealed partial class MemoryRegion
{
    /// <summary>Bytes of it that take memory: what ports and guests have used so far. Of a region that somebody else
    /// made nothing is known: 0.</summary>
    public long PopulatedBytes => _pages?.Populated ?? 0;

    /// <summary>Has all its buffers there, for who uses them without a guest: a NIC.</summary>
    /// <param name="what">Whom they are for, for messages: <c>port netmap:eth0</c>.</param>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for them; the message names it.</exception>
    /// <exception cref="LinuxException">The kernel has no memory for them.</exception>
    public void PopulateBuffers(string what) => PopulateBuffers(what, 0, Layout.Buffers.Count);

    /// <summary>Has some of its buffers there.</summary>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for them.</exception>
    /// <exception cref="LinuxException">The kernel has no memory for them.</exception>
    internal void PopulateBuffers(string what, uint first, uint count) =>
        Populate(what, Layout.Buffers.Offset + (first * (long)Layout.Buffers.ObjectSize),
            count * (long)Layout.Buffers.ObjectSize);

    /// <summary>Has a piece of it there, that is about to be written.</summary>
    /// <exception cref="MemoryLimitException">A limit leaves no memory for it.</exception>
    /// <exception cref="LinuxException">The kernel has no memory for it.</exception>
    internal void Populate(string what, long offset, long length) => _pages?.Populate(what, offset, length);
}
