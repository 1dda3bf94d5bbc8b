using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

/// <summary>Memory that another process takes away from under us, though it is sealed against shrinking: a hole in
/// hugetlb pages whose pool is empty. Who did it loses its port; the process goes on.</summary>
[Collection(AloneCollection.Name)]
public class HoleTests
{
    private const int HugePage = 2 << 20;
    private const nint FallocateCall = 285;
    private const int PunchHole = 3;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void A_page_of_any_size_is_replaced_as_a_whole_and_its_neighbours_stay()
    {
        const int Size = 8192;
        using FileStream file = new(Path.GetTempFileName(), new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        });
        file.SetLength(3 * Size);
        using var descriptor = new FileDescriptor((int)file.SafeFileHandle.DangerousGetHandle(), owns: false);
        using MemoryMapping mapping = MemoryMapping.Map(descriptor, 3 * Size);

        // A page begins at a multiple of its size.
        int start = (int)((Size - (mapping.Address % Size)) % Size);
        BusErrorGuard guard = BusErrorGuard.Watch(mapping.Address + start, 2 * Size, Size);
        mapping.Span.Fill(0xEE);
        file.SetLength(start + Size);
        Assert.False(guard.HasFired);
        Span<byte> pages = mapping.Span.Slice(start, 2 * Size);
        Assert.Equal(0, pages[^1]);
        Assert.True(guard.HasFired);
        pages[Size] = 7;
        Assert.Equal((7, 0xEE), (pages[Size], pages[Size - 1]));

        // What comes next in its place is not told of the first one's loss, nor the other way round.
        guard.Dispose();
        BusErrorGuard next = BusErrorGuard.Watch(mapping.Address + start, 2 * Size, Size);
        Assert.Equal((true, false), (guard.HasFired, next.HasFired));
        next.Dispose();
    }

    [Fact]
    public void Each_mapping_that_is_shared_is_guarded_sealed_or_not()
    {
        using FileDescriptor file = MemFd.CreateSealed("guarded", 8192);
        using MemoryMapping mapping = MemoryMapping.MapShared(file, 8192);
        Punch(file, 8192);

        // Small pages are filled again by the kernel.
        Assert.Equal((0, false), (mapping.Span[100], mapping.IsLost));
    }

    [Fact]
    public void A_guest_whose_memory_is_taken_away_is_told_lost_and_starts_anew_when_it_has_memory()
    {
        var told = new List<string>();
        using var bed =
            new QemuBed(change: options => options with { AllowUnsealedMemory = true, MemoryLost = told.Add });
        using var client = new HandClient(bed.Ptnet);
        using FileStream file = new(Path.GetTempFileName(), new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.ReadWrite,
            Share = FileShare.ReadWrite,
            Options = FileOptions.DeleteOnClose,
        });
        file.SetLength(GuestRam.Size);
        using var descriptor = new FileDescriptor((int)file.SafeFileHandle.DangerousGetHandle(), owns: false);
        Assert.Equal(Errno.None, Start(client, descriptor, (ulong)GuestRam.Size));
        Assert.Null(bed.Ptnet.Loss);
        file.SetLength(0);
        KickUntilLost(bed, client);
        Assert.False(bed.Ptnet.IsRunning);
        Assert.Contains("cut its guest's memory off", Assert.Single(told), StringComparison.Ordinal);
        Assert.Equal(Errno.Fault, client.SetRegister(4, 1));

        file.SetLength(GuestRam.Size);
        Assert.Equal(Errno.None, client.SetRegister(4, 1));
        Assert.Null(bed.Ptnet.Loss);
    }

    [Fact]
    public void A_hole_in_a_guests_huge_pages_costs_that_guest_its_port_and_nobody_the_daemon()
    {
        Needs.HugePages(2);
        using var bed = new QemuBed();
        using var client = new HandClient(bed.Ptnet);
        using FileDescriptor ram = MemFd.CreateSealed("huge-ram", HugePage, hugeTlb: true);
        Assert.Equal(Errno.None, Start(client, ram, HugePage));

        // Stopped first: a worker would fill the hole before the pool is empty.
        Assert.Equal(Errno.None, client.SetRegister(4, 2));
        Punch(ram, HugePage);
        using MemoryMapping rest = TakeAllHugePages();
        Assert.Equal(Errno.None, client.SetRegister(4, 1));
        KickUntilLost(bed, client);
        Assert.False(bed.Ptnet.IsRunning);
        Assert.Equal(Errno.None, client.SetRegister(4, 2));
        client.Dispose();

        using var sound = new GuestRam();
        using var next = new HandClient(bed.Ptnet);
        Assert.Equal(Errno.None, Start(next, sound.File, (ulong)GuestRam.Size));
    }

    [Fact]
    public void A_hole_in_our_own_region_of_huge_pages_is_seen_and_its_ports_are_not_started_again()
    {
        Needs.HugePages(16);
        using MemoryRegion region = MemoryRegion.Create(new RegionRequest
        {
            Name = "huge",
            Ports = 1,
            RingPairs = 1,
            Slots = 64,
            BufferSize = 128,
            HugePages = HugePagePolicy.Required,
        });
        region.Bytes(0, (int)region.Layout.Size).Fill(1);
        Punch(region.File, region.Layout.Size);
        using MemoryMapping rest = TakeAllHugePages();
        Assert.False(region.IsLost);
        region.Bytes(0, (int)region.Layout.Size).Fill(2);
        Assert.True(region.IsLost);
        Assert.Equal(2, region.Bytes(region.Layout.Size - 1, 1)[0]);
    }

    private static Errno Start(HandClient client, FileDescriptor file, ulong size)
    {
        Assert.Equal(Errno.None, client.Map(GuestRam.Base, size, file));
        Assert.Equal(Errno.None, client.SetRegister(56, (uint)GuestRam.AtokAt));
        Assert.Equal(Errno.None, client.SetRegister(64, (uint)GuestRam.KtoaAt));
        return client.SetRegister(4, 1);
    }

    private static void KickUntilLost(QemuBed bed, HandClient client) => Assert.True(SpinWait.SpinUntil(
        () =>
        {
            Assert.Equal(Errno.None, client.SetRegister(128, 1));
            return bed.Ptnet.Loss is not null;
        },
        Patience));

    private static MemoryMapping TakeAllHugePages()
    {
        long size = (long)Needs.FreeHugePages() * HugePage;
        using FileDescriptor file = MemFd.CreateSealed("the-rest", size, hugeTlb: true);
        return MemoryMapping.Map(file, size, populate: true);
    }

    private static void Punch(FileDescriptor file, long length) =>
        Assert.Equal(0, Libc.Syscall(FallocateCall, (ulong)file.Number, PunchHole, 0, (nuint)length, 0));
}
