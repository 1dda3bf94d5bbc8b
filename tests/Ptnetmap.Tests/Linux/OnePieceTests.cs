using Ptnetmap.Linux;

namespace Ptnetmap.Tests.Linux;

/// <summary>Whether memory is one piece for a device.</summary>
public class OnePieceTests
{
    private const long HugePage = 2 << 20;

    [Fact]
    public void What_is_within_one_hugepage_is_one_piece()
    {
        using MemoryMapping page = MapLockedAsRoot(4096);
        Assert.True(page.Range.Slice(0, 4096).IsOnePiece());
    }

    [Fact]
    public void Pages_that_are_no_neighbours_are_found_out()
    {
        // Locked pages of 4 KiB: where two of 2 MiB would meet they are hardly ever neighbours. The answer is that of
        // the addresses themselves, whatever it is.
        using MemoryMapping pages = MapLockedAsRoot(3 * HugePage);
        nint meet = (pages.Address | (nint)(HugePage - 1)) + 1;
        ulong before = pages.Range.PhysicalAddress() + (ulong)(meet - pages.Address);
        ulong behind = pages.Range.Slice(meet - pages.Address, 4096).PhysicalAddress();
        Assert.Equal(before == behind, pages.Range.Slice(0, meet - pages.Address + 4096).IsOnePiece());
    }

    private static MemoryMapping MapLockedAsRoot(long length)
    {
        try
        {
            MemoryMapping mapping = MemoryMapping.MapLocked(length);
            _ = mapping.Range.PhysicalAddress();
            return mapping;
        }
        catch (LinuxException refusal)
        {
            Assert.Skip(refusal.Message);
            throw;
        }
    }
}
