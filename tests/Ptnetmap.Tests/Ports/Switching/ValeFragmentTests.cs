using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.Ports.Switching;

/// <summary>Packets of more than one slot, and buffers of different sizes.</summary>
public class ValeFragmentTests
{
    [Fact]
    public void A_packet_of_several_slots_arrives_in_as_many()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        byte[] packet = Frame.Make(20, 10, 200, seed: 3);

        a.PutFragments(packet, [14, 0, 100, 86]);
        a.Sync();

        Received got = Assert.Single(b.Take());
        Assert.Equal([14, 0, 100, 86], got.Fragments);
        Assert.Equal(packet, got.Bytes);
        Assert.Equal(200, b.Port.RxRings[0].Counters.Bytes);
    }

    [Fact]
    public void A_frame_is_spread_over_smaller_buffers()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(bufferSize: 2112), bed.Add(bufferSize: 256));
        byte[] packet = Frame.Make(20, 10, 1500, seed: 3);

        a.Put(packet);
        a.PutFragments(packet, [600, 900]);
        a.Sync();

        List<Received> got = b.Take();
        Assert.Equal([256, 256, 256, 256, 256, 220], got[0].Fragments);
        Assert.Equal([256, 256, 88, 256, 256, 256, 132], got[1].Fragments);
        Assert.All(got, one => Assert.Equal(packet, one.Bytes));
    }

    [Fact]
    public void Sixty_four_slots_are_the_most()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(slots: 300), bed.Add(slots: 300));
        byte[] packet = Frame.Make(20, 10, 650, seed: 3);
        int[] ten = [20, .. Enumerable.Repeat(10, 63)];

        a.PutFragments(packet, ten);
        a.PutFragments(packet, [20, .. Enumerable.Repeat(10, 63), 0]);
        a.PutFragments(packet, ten);
        Assert.Equal(SyncStatus.Dry, a.Sync());

        List<Received> got = b.Take();
        Assert.Equal(2, got.Count);
        Assert.All(got, one => Assert.Equal(64, one.Fragments.Length));
        Assert.Equal(packet, got[1].Bytes);
        Assert.Equal(1, a.Drops(DropReason.TooManyFragments));
        Assert.Equal(1, a.Port.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void More_than_64_of_the_receivers_buffers_are_oversize()
    {
        using var bed = new SwitchBed();
        BedPort a = bed.Add(slots: 300, bufferSize: 4096);
        BedPort b = bed.Add(slots: 300, bufferSize: 64);
        a.PutFragments(Frame.Make(20, 10, 4096), [4096]);
        a.PutFragments(Frame.Make(20, 10, 4097), [4096, 1]);
        a.PutFragments(Frame.Make(20, 10, 64), [64]);

        a.Sync();

        Assert.Equal([64, 1], b.Take().Select(packet => packet.Fragments.Length));
        Assert.Equal(1, a.Drops(DropReason.Oversize));
        Assert.Equal(1, a.Port.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void A_packet_without_its_end_waits_for_it()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        byte[] packet = Frame.Make(20, 10, 100);
        a.Put(Frame.Make(20, 10));
        a.Put(packet.AsSpan(0, 30), SlotFlags.MoreFragments);
        a.Put(packet.AsSpan(30, 30), SlotFlags.MoreFragments);

        Assert.Equal(SyncStatus.Dry, a.Sync());
        Assert.Single(b.Take());
        Assert.Equal(2u, a.Port.TxRings[0].Pending);

        a.Put(packet.AsSpan(60));
        Assert.Equal(SyncStatus.Dry, a.Sync());
        Assert.Equal(packet, Assert.Single(b.Take()).Bytes);
        Assert.Equal(0u, a.Port.TxRings[0].Pending);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(66)]
    [InlineData(1000)]
    public void A_ring_full_of_one_packet_without_end_goes_on(int slots)
    {
        using var bed = new SwitchBed();
        BedPort a = bed.Add(slots: slots);
        BedPort b = bed.Add();
        for (int i = 0; i < slots - 1; i++)
        {
            a.Put(Frame.Make(20, 10), SlotFlags.MoreFragments);
        }

        Assert.Equal(SyncStatus.Dry, a.Sync());
        Assert.Equal(0u, a.Port.TxRings[0].Pending);
        a.Put(Frame.Make(20, 10), SlotFlags.MoreFragments);
        a.Put(Frame.Make(20, 10));
        a.Put(Frame.Make(20, 10, seed: 9));
        Assert.Equal(SyncStatus.Dry, a.Sync());

        Assert.Equal(Frame.Make(20, 10, seed: 9), Assert.Single(b.Take()).Bytes);
        Assert.Equal(1, a.Drops(DropReason.TooManyFragments));
        Assert.Equal(1, a.Port.TxRings[0].Counters.Drops.Total);
    }

    [Fact]
    public void A_fault_in_any_fragment_drops_the_whole_packet()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(), bed.Add());
        byte[] packet = Frame.Make(20, 10, 60);
        a.Put(packet, SlotFlags.MoreFragments);
        a.PutWord(new SlotWord(a.NextBuffer(), 3000, SlotFlags.None));
        a.PutFragments(packet, [13, 47]);
        a.Put(packet, SlotFlags.MoreFragments);
        a.PutWord(new SlotWord(a.NextBuffer(), 60, SlotFlags.Indirect));
        a.Put(packet);

        a.Sync();

        Assert.Single(b.Take());
        Assert.Equal(1, a.Drops(DropReason.BadLength));
        Assert.Equal(1, a.Drops(DropReason.Runt));
        Assert.Equal(1, a.Drops(DropReason.UnsupportedFlag));
    }

    [Fact]
    public void A_small_budget_still_moves_whole_packets()
    {
        using var bed = new SwitchBed();
        (BedPort a, BedPort b) = (bed.Add(slots: 150), bed.Add(slots: 150));
        byte[] packet = Frame.Make(20, 10, 1280);
        a.PutFragments(packet, [.. Enumerable.Repeat(20, 32)]);
        a.PutFragments(packet, [.. Enumerable.Repeat(20, 64)]);
        a.Put(Frame.Make(20, 10));
        int passes = 0;
        while (a.Sync(budget: 1) == SyncStatus.More)
        {
            Assert.True(++passes < 10);
        }

        Assert.Equal([32, 64, 1], b.Take().Select(one => one.Fragments.Length));
    }
}
