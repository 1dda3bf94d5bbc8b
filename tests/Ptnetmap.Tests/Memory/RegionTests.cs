using System.Globalization;
using Ptnetmap.Linux;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

public class RegionTests
{
    private const int HugePage = 2 << 20;
    private const int NotPermitted = 1;

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    [InlineData(HugePage - 1)]
    [InlineData(2 * HugePage)]
    public void Nobody_who_holds_the_descriptor_can_change_the_size(long size)
    {
        using MemoryRegion region = Regions.Create();
        using FileStream file =
            new($"/proc/self/fd/{region.File.Number}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        UnauthorizedAccessException refusal = Assert.Throws<UnauthorizedAccessException>(() => file.SetLength(size));
        Assert.Contains("not permitted", refusal.InnerException?.Message ?? refusal.Message,
            StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HugePage, MemFd.GetSize(region.File));
        Assert.Equal(0, region.Bytes(HugePage - 1, 1)[0]);
    }

    [Fact]
    public void The_seals_cannot_be_taken_off() =>
        Assert.Equal(MemFd.SizeSeals, WithRegion(region => MemFd.GetSeals(region.File)));

    [Fact]
    public void A_second_mapping_by_descriptor_is_the_same_memory()
    {
        using MemoryRegion region = Regions.Create();
        using PortMemory port = PortMemory.Open(region, "port", PortShape.Symmetric(1, 64));
        RegionLayout layout = RegionDescriptor.Read(RegionDescriptor.Write(region.Layout));
        using MemoryRegion second = MemoryRegion.Map("second", region.File, layout);
        Assert.NotEqual(region.Range, second.Range);
        region.Buffers[5][17] = 42;
        Assert.Equal(42, second.Buffers[5][17]);
        InterfaceView view = second.InterfaceAt(port.InterfaceOffset);
        Assert.Equal("port", view.Name);
        RingView tx = second.RingAt(port.InterfaceOffset + view.GetRingOffset(0), 64);
        tx.Slots[9].Length = 77;
        Assert.Equal(77, port.TxRings[0].Slots[9].Length);
    }

    [Fact]
    public void Memory_that_could_shrink_is_refused()
    {
        string path = Path.GetTempFileName();
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.ReadWrite);
            file.SetLength(HugePage);
            using var descriptor = new FileDescriptor((int)file.SafeFileHandle.DangerousGetHandle(), owns: false);
            LinuxException refusal =
                Assert.Throws<LinuxException>(() => MemoryRegion.Map("file", descriptor, Regions.Layout()));
            Assert.Contains("F_SEAL_SHRINK", refusal.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Memory_smaller_than_its_layout_is_refused_and_not_touched()
    {
        using FileDescriptor small = MemFd.CreateSealed("small", 4096);
        LinuxException refusal =
            Assert.Throws<LinuxException>(() => MemoryRegion.Map("small", small, Regions.Layout()));
        Assert.Contains("4096 bytes", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_of_a_region_that_is_gone_cannot_be_made()
    {
        MemoryRegion region = Regions.Create();
        region.Dispose();
        region.Dispose();
        _ = Assert.Throws<ObjectDisposedException>(() => region.Bytes(0, 1).Length);
        _ = Assert.Throws<ObjectDisposedException>(() => region.Buffers.Count);
        _ = Assert.Throws<ObjectDisposedException>(() => region.Range);
    }

    [Fact]
    public void Bytes_outside_the_region_are_not_reachable()
    {
        using MemoryRegion region = Regions.Create();
        foreach ((long offset, int length) in ((long, int)[])
            [(-1, 1), (0, -1), (HugePage, 1), (HugePage - 1, 2), (long.MaxValue, 1),
                (long.MaxValue - 10, int.MaxValue)])
        {
            _ = Assert.Throws<ArgumentOutOfRangeException>(() => region.Bytes(offset, length).Length);
        }

        Assert.Equal(HugePage, region.Bytes(0, HugePage).Length);
    }

    [Fact]
    public void A_region_falls_back_from_hugepages_that_are_not_there_and_says_so()
    {
        using MemoryRegion region = MemoryRegion.Create(LargerThanTheFreeHugePages(HugePagePolicy.Auto));
        Assert.NotEqual(PageBacking.HugeTlb, region.Backing);
        Assert.Contains("no 2 MiB hugetlb pages", region.BackingNote, StringComparison.Ordinal);
        Assert.Contains("/proc/sys/vm/nr_hugepages", region.BackingNote, StringComparison.Ordinal);
        region.Buffers[2][0] = 1;
    }

    [Fact]
    public void A_region_that_requires_hugepages_is_refused_without()
    {
        LinuxException refusal = Assert.Throws<LinuxException>(
            () => MemoryRegion.Create(LargerThanTheFreeHugePages(HugePagePolicy.Required)));
        Assert.Contains("hugepages", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_region_gets_hugepages_that_are_there()
    {
        if (FreeHugePages() == 0)
        {
            Assert.Skip("no free 2 MiB hugepages (echo 8 > /proc/sys/vm/nr_hugepages)");
        }

        using MemoryRegion region =
            MemoryRegion.Create(new RegionRequest { Slots = 64, HugePages = HugePagePolicy.Required });
        Assert.Equal((PageBacking.HugeTlb, null), (region.Backing, region.BackingNote));
        region.Buffers[2][0] = 1;
    }

    [Fact]
    public void A_refused_call_says_which_call_and_why()
    {
        LinuxException refusal = Assert.Throws<LinuxException>(() => MemFd.CreateSealed("refused", -1));
        Assert.StartsWith("sizing memfd refused to -1 bytes", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(22, refusal.Errno);
        Assert.NotEqual(NotPermitted, refusal.Errno);
    }

    // Twice what is free; small pages are only taken as they are touched, so the fall-back costs nothing.
    private static RegionRequest LargerThanTheFreeHugePages(HugePagePolicy policy) => new()
    {
        Slots = 64,
        HugePages = policy,
        ExtraBuffers = checked((int)((FreeHugePages() + 1) * 2 * HugePage / RegionRequest.DefaultBufferSize)),
    };

    private static long FreeHugePages() => File.ReadLines("/proc/meminfo")
        .Where(line => line.StartsWith("HugePages_Free:", StringComparison.Ordinal))
        .Select(line => long.Parse(line.Split(':')[1], NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture))
        .FirstOrDefault();

    private static T WithRegion<T>(Func<MemoryRegion, T> look)
    {
        using MemoryRegion region = Regions.Create();
        return look(region);
    }
}
