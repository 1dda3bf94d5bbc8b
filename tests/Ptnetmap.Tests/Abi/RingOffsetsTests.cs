namespace Ptnetmap.Tests.Abi;

/// <summary>The order of <c>ring_ofs[]</c>, against the macros of <c>netmap_user.h</c> written out by hand.</summary>
public class RingOffsetsTests
{
    [Fact]
    public void Two_tx_and_three_rx_rings_have_the_host_rings_entries_between_and_behind() => Assert.Equal(
        [0, 1, 2, 3, 4, 5, 6],
        [
            RingOffsets.Tx(0), RingOffsets.Tx(1), RingOffsets.HostTx(2), RingOffsets.Rx(2, 1, 0),
            RingOffsets.Rx(2, 1, 1),
            RingOffsets.Rx(2, 1, 2), RingOffsets.HostRx(2, 1, 3),
        ]);

    [Theory]
    [InlineData(0, 3)]
    [InlineData(1, 3)]
    [InlineData(2, 4)]
    public void One_host_tx_entry_is_there_at_least(int hostTxRings, int firstRx) =>
        Assert.Equal(firstRx, RingOffsets.Rx(2, hostTxRings, 0));
}
