namespace Ptnetmap.Tests.Abi;

/// <summary>Registers and numbers of the two devices, written out again from <c>netmap_virt.h</c>.</summary>
public class PtnetLayoutTests
{
    [Fact]
    public void Registers_of_ptnet_are_where_the_drivers_look() => Assert.Equal(
        [0, 4, 8, 12, 24, 28, 32, 36, 40, 44, 48, 52, 56, 60, 64, 128],
        [
            PtnetRegister.Features, PtnetRegister.Control, PtnetRegister.MacLow, PtnetRegister.MacHigh,
            PtnetRegister.InterfaceOffset, PtnetRegister.TxRings, PtnetRegister.RxRings, PtnetRegister.TxSlots,
            PtnetRegister.RxSlots, PtnetRegister.VnetHeaderLength, PtnetRegister.HostMemoryId,
            PtnetRegister.CsbAtokHigh,
            PtnetRegister.CsbAtokLow, PtnetRegister.CsbKtoaHigh, PtnetRegister.CsbKtoaLow, PtnetRegister.FirstKick,
        ]);

    [Fact]
    public void Our_registers_are_where_they_were() => Assert.Equal(
        (112, 116, 120, 124, 0x706E_7478u, 1u, 2u),
        (PtnetRegister.ExtensionMagic, PtnetRegister.ExtensionFeatures, PtnetRegister.ExtensionCsb,
            PtnetRegister.ExtensionInterrupt, PtnetAbi.ExtensionMagic, PtnetAbi.CsbBarFeature,
            PtnetAbi.InterruptStatusFeature));

    [Theory]
    [InlineData(0, 128)]
    [InlineData(1, 132)]
    [InlineData(63, 380)]
    public void A_ring_is_kicked_at_its_own_register(int ring, int offset) =>
        Assert.Equal(offset, PtnetRegister.Kick(ring));

    [Fact]
    public void Registers_of_memdev_are_where_the_drivers_look() => Assert.Equal(
        [0, 4, 8, 64, 68, 72, 76, 80, 84, 88, 92, 96],
        [
            MemdevRegister.SizeLow, MemdevRegister.SizeHigh, MemdevRegister.Id,
            .. Pool(MemdevRegister.Interfaces), .. Pool(MemdevRegister.Rings), .. Pool(MemdevRegister.Buffers),
        ]);

    [Fact]
    public void Ids_bars_and_commands_are_those_of_the_drivers() => Assert.Equal(
        (0x1B36, 0x000C, 0x000D, 1, 2, 4, 1u, 1u, 2u),
        ((int)PtnetAbi.Vendor, (int)PtnetAbi.MemdevId, (int)PtnetAbi.PtnetId, PtnetAbi.RegionBar, PtnetAbi.MsixBar,
            PtnetAbi.CsbBar, PtnetAbi.VnetHeaderFeature, PtnetAbi.Start, PtnetAbi.Stop));

    [Fact]
    public void A_mac_is_cut_and_put_together_as_the_drivers_do()
    {
        MacAddress mac = MacAddress.Read([0x0A, 0x0B, 0x0C, 0x0D, 0x0E, 0x0F]);
        Assert.Equal((0x0A0Bu, 0x0C0D_0E0Fu), (PtnetAbi.MacHighOf(mac), PtnetAbi.MacLowOf(mac)));
        Assert.Equal(mac, PtnetAbi.MacOf(0x0A0B, 0x0C0D_0E0F));
    }

    private static int[] Pool(int first) =>
        [first, first + MemdevRegister.PoolObjects, first + MemdevRegister.PoolObjectSize];
}
