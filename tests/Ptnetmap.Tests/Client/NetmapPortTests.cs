using Ptnetmap.Client;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Client;

public sealed class NetmapPortTests
{
    [Fact]
    public void A_port_is_found_in_the_region_with_its_rings_and_slots()
    {
        using var host = new HandHost(slots: 67);
        NetmapPort port = host.Open();
        Assert.Equal("hand", port.Name);
        Assert.Equal(66u, Assert.Single(port.TxRings).Space);
        Assert.Equal(0u, Assert.Single(port.RxRings).Available);
        Assert.Equal(67u, port.TxRings[0].SlotCount);
    }

    [Fact]
    public void A_port_goes_on_where_the_csb_says()
    {
        using var host = new HandHost();
        host.Csb.Guest(0).WriteCurHeadRelease(60, 60);
        host.TxCsb.WriteHwCurHwTailRelease(58, 5);
        TxRing tx = host.Open().TxRings[0];
        Assert.Equal(9u, tx.Space);
        Assert.Equal(2u, tx.Pending);
        Assert.Equal(4, tx.FreeSlots().Length);
        tx.Advance(9);
        tx.Publish();
        Assert.Equal(5u, host.TxCsb.ReadHeadAcquire());
        Assert.Equal(5u, host.TxCsb.ReadCurAcquire());
    }

    public static TheoryData<string, string> Corruptions => new()
    {
        { "version", "version 99" },
        { "tx_rings", "0 tx" },
        { "rx_rings", "17 rx" },
        { "dir", "Rx ring 0 of region region: dir is 0, expected 1" },
        { "ringid", "ringid is 3, expected 0" },
        { "buf_ofs", "buf_ofs is" },
        { "nr_buf_size", "nr_buf_size is 64, expected 128" },
        { "num_slots", "num_slots is 1" },
        { "num_slots_large", "no ring of 5000 slots there" },
        { "ring_ofs", "ring_ofs[0] = 1" },
        { "hwtail", "ktoa.hwtail is 64, outside the ring" },
        { "hwcur", "ktoa.hwcur is 64, outside the ring" },
        { "head", "atok.head is 64, outside the ring" },
        { "cur", "atok.cur is 64, outside the ring" },
    };

    [Theory]
    [MemberData(nameof(Corruptions))]
    public void A_wrong_descriptor_is_refused_with_the_field_and_its_value(string what, string message)
    {
        using var host = new HandHost();
        Corrupt(host, what);
        NetmapPortException refusal = Assert.Throws<NetmapPortException>(() => host.Open());
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_wrong_interface_offset_is_refused()
    {
        using var host = new HandHost();
        var channel = new LocalChannel(host.Region, 1, host.Csb, host.Kicks, host.Interrupts);
        NetmapPortException refusal = Assert.Throws<NetmapPortException>(() => NetmapPort.Open(channel));
        Assert.Contains("no netmap_if at offset 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tail_outside_the_ring_is_refused_while_the_port_runs()
    {
        using var host = new HandHost();
        RxRing rx = host.Open().RxRings[0];
        host.RxCsb.WriteHwCurHwTailRelease(0, 64);
        Assert.Throws<NetmapPortException>(() => rx.Refresh());
    }

    private static void Corrupt(HandHost host, string what)
    {
        InterfaceView view = host.Region.InterfaceAt(host.InterfaceOffset);
        ref NetmapRingHeader rx = ref host.Rx.Header;
        switch (what)
        {
            case "version": view.Header.Version = 99; break;
            case "tx_rings": view.Header.TxRings = 0; break;
            case "rx_rings": view.Header.RxRings = 17; break;
            case "dir": rx.Direction = 0; break;
            case "ringid": rx.RingId = 3; break;
            case "buf_ofs": rx.BufferOffset += 64; break;
            case "nr_buf_size": rx.BufferSize = 64; break;
            case "num_slots": rx.SlotCount = 1; break;
            case "num_slots_large": rx.SlotCount = 5000; break;
            case "ring_ofs": view.SetRingOffset(0, 1); break;
            case "hwtail": host.TxCsb.WriteHwCurHwTailRelease(0, 64); break;
            case "hwcur": host.TxCsb.WriteHwCurHwTailRelease(64, 0); break;
            case "head": host.TxCsb.InitialiseApplication(64, 0); break;
            case "cur": host.TxCsb.InitialiseApplication(0, 64); break;
            default: throw new ArgumentOutOfRangeException(nameof(what), what, "no such corruption");
        }
    }
}
