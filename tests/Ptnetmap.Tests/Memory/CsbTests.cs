using System.Buffers.Binary;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>Every word of the CSB where netmap_virt.h has it: application entries (atok) in the first page, kernel
/// entries (ktoa) in the second, 64 bytes each.</summary>
public class CsbTests
{
    private const int Page = 4096;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    public void Guest_writes_the_application_entry_and_nothing_else(int ring)
    {
        using var csb = new CsbMemory("test");
        CsbGuestView guest = csb.Guest(ring);
        guest.WriteCurHeadRelease(cur: 0x11121314, head: 0x01020304);
        guest.WriteApplNeedKick(needed: true);
        AssertWords(csb, ring * 64, [0x01020304, 0x11121314, 1, 0]);

        guest.WriteApplNeedKick(needed: false);
        Assert.Equal(0u, Word(csb, (ring * 64) + 8));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(63)]
    public void Host_writes_the_kernel_entry_and_nothing_else(int ring)
    {
        using var csb = new CsbMemory("test");
        CsbHostView host = csb.Host(ring);
        host.WriteHwCurHwTailRelease(hwcur: 0x01020304, hwtail: 0x11121314);
        host.WriteKernNeedKick(needed: true);
        AssertWords(csb, Page + (ring * 64), [0x01020304, 0x11121314, 1]);

        host.WriteKernNeedKick(needed: false);
        Assert.Equal(0u, Word(csb, Page + (ring * 64) + 8));
    }

    [Fact]
    public void Host_sets_the_application_entry_before_the_start()
    {
        using var csb = new CsbMemory("test");
        csb.Host(3).InitialiseApplication(head: 5, cur: 7);
        AssertWords(csb, 3 * 64, [5, 7]);
        Assert.Equal((5u, 7u), (csb.Guest(3).ReadOwnHead(), csb.Guest(3).ReadOwnCur()));
    }

    [Fact]
    public void Each_side_reads_what_the_other_wrote()
    {
        using var csb = new CsbMemory("test");
        CsbGuestView guest = csb.Guest(2);
        CsbHostView host = csb.Host(2);
        guest.WriteCurHeadRelease(cur: 21, head: 20);
        guest.WriteApplNeedKick(needed: true);
        host.WriteHwCurHwTailRelease(hwcur: 30, hwtail: 31);
        host.WriteKernNeedKick(needed: true);
        Assert.Equal((20u, 21u, true),
            (host.ReadHeadAcquire(), host.ReadCurAcquire(), host.ReadApplNeedKick()));
        Assert.Equal((31u, 30u, true), (guest.ReadHwTailAcquire(), guest.ReadHwCurAcquire(), guest.ReadKernNeedKick()));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(64)]
    public void There_are_64_entries(int ring)
    {
        using var csb = new CsbMemory("test");
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => csb.Host(ring));
        _ = Assert.Throws<ArgumentOutOfRangeException>(() => csb.Guest(ring));
    }

    // The words at the offset are these, and all other bytes of both pages are 0.
    private static void AssertWords(CsbMemory csb, int offset, uint[] words)
    {
        Assert.Equal(words, words.Select((_, i) => Word(csb, offset + (i * 4))));
        byte[] rest = csb.Span.ToArray();
        rest.AsSpan(offset, words.Length * 4).Clear();
        Assert.Equal(-1, rest.AsSpan().IndexOfAnyExcept((byte)0));
    }

    private static uint Word(CsbMemory csb, int offset) => BinaryPrimitives.ReadUInt32LittleEndian(csb.Span[offset..]);
}
