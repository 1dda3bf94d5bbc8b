using Ptnetmap.Linux;

namespace Ptnetmap.Memory;

/// <summary>Fills a new region with pages, so that no packet pays for one and no guest is killed for want of one later:
/// in steps, each of which may be refused, where one large step would have the kernel kill for it.</summary>
internal static class RegionPages
{
    private const long Step = 32L << 20;

    /// <summary>Fills the first <paramref name="length"/> bytes.</summary>
    /// <param name="mapping">The region's.</param>
    /// <param name="what">What it is, for the message.</param>
    /// <param name="length">Bytes.</param>
    /// <param name="limits">Asked before each step; null where the pages are set aside already.</param>
    /// <exception cref="RegionLimitException">A limit leaves no more.</exception>
    /// <exception cref="LinuxException">The kernel has no more.</exception>
    internal static void Fill(MemoryMapping mapping, string what, long length, MemoryLimits? limits)
    {
        for (long done = 0; done < length; done += Step)
        {
            long step = Math.Min(Step, length - done);
            limits?.Require($"{what}, after {done >> 20} MiB of it", step);
            if (!mapping.TryPopulate(done, step))
            {
                return;
            }
        }
    }
}
