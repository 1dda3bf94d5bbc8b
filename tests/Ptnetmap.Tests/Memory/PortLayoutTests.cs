using System.Buffers.Binary;
using System.Text;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

/// <summary>The raw bytes of a freshly opened port, read by offset as a program made against netmap's headers
/// does.</summary>
public sealed class PortLayoutTests : IDisposable
{
    private const int TxRings = 2;
    private const int RxRings = 3;
    private const int TxSlots = 100;
    private const int RxSlots = 64;
    private const int Extra = 3;
    private const int RingOffsets = 56;

    private readonly MemoryRegion _region = Regions.Create(ports: 2, ringPairs: 3, slots: 128, extraBuffers: Extra);
    private readonly PortMemory _other;
    private readonly PortMemory _port;

    public PortLayoutTests()
    {
        // The second port of a region: no offset that matters is 0 by chance.
        _other = PortMemory.Open(_region, "other", PortShape.Symmetric(1, 64));
        _port = PortMemory.Open(_region, "vale0:a-long-name", new PortShape
        {
            TxRings = TxRings,
            RxRings = RxRings,
            TxSlots = TxSlots,
            RxSlots = RxSlots,
            ExtraBuffers = Extra,
        });
    }

    public void Dispose()
    {
        _port.Dispose();
        _other.Dispose();
        _region.Dispose();
    }

    [Theory]
    [InlineData(16, 14)] // ni_version
    [InlineData(20, 0)] // ni_flags
    [InlineData(24, TxRings)] // ni_tx_rings
    [InlineData(28, RxRings)] // ni_rx_rings
    [InlineData(36, 1)] // ni_host_tx_rings: its entry of ring_ofs counts, though there is no ring
    [InlineData(40, 1)] // ni_host_rx_rings
    [InlineData(44, 0)] // ni_spare1
    [InlineData(48, 0)]
    [InlineData(52, 0)]
    public void Interface_has_its_initial_values(int offset, uint value) =>
        Assert.Equal(value, UInt32(_port.InterfaceOffset + offset));

    [Fact]
    public void Interface_has_the_name_cut_to_15_bytes_and_ended_by_zero() => Assert.Equal(
        "vale0:a-long-na\0", Encoding.ASCII.GetString(_region.Bytes(_port.InterfaceOffset, 16)));

    [Fact]
    public void Ring_offsets_are_tx_host_tx_rx_host_rx_and_0_where_there_is_no_ring()
    {
        long[] offsets = [.. Enumerable.Range(0, TxRings + RxRings + 2).Select(RingOffset)];
        Assert.Equal(0, offsets[TxRings]);
        Assert.Equal(0, offsets[TxRings + 1 + RxRings]);
        Assert.Equal([(0, 0), (1, 0)], offsets[..TxRings].Select(IdAndDirection));
        Assert.Equal([(0, 1), (1, 1), (2, 1)], offsets[(TxRings + 1)..^1].Select(IdAndDirection));
    }

    [Fact]
    public void The_macros_of_netmap_reach_every_ring()
    {
        uint tx = UInt32(_port.InterfaceOffset + 24);
        uint hostTx = UInt32(_port.InterfaceOffset + 36);
        for (int i = 0; i < TxRings; i++)
        {
            Assert.Equal((i, 0), IdAndDirection(RingOffset(i))); // NETMAP_TXRING(nifp, i)
        }

        for (int i = 0; i < RxRings; i++)
        {
            Assert.Equal((i, 1), IdAndDirection(RingOffset(i + (int)tx + (int)hostTx))); // NETMAP_RXRING(nifp, i)
        }
    }

    [Theory]
    [InlineData(8, TxSlots, RxSlots)] // num_slots
    [InlineData(12, 2112, 2112)] // nr_buf_size
    [InlineData(20, 0, 0)] // head
    [InlineData(24, 0, 0)] // cur
    [InlineData(28, TxSlots - 1, 0)] // tail
    [InlineData(32, 0, 0)] // flags
    [InlineData(40, 0, 0)] // ts
    [InlineData(48, 0, 0)]
    [InlineData(56, 0, 0)] // offset_mask
    [InlineData(64, 0, 0)] // buf_align
    public void Rings_have_their_initial_values(int offset, uint tx, uint rx)
    {
        Assert.All(RingsFrom(0, TxRings), ring => Assert.Equal(tx, UInt32(ring + offset)));
        Assert.All(RingsFrom(TxRings + 1, RxRings), ring => Assert.Equal(rx, UInt32(ring + offset)));
    }

    [Fact]
    public void Slots_name_a_buffer_of_their_own_each_and_are_empty_otherwise()
    {
        HashSet<uint> buffers = [.. _other.TxRings[0].Slots.ToArray().Select(slot => slot.BufferIndex)];
        Assert.Equal(64, buffers.Count);
        foreach ((long ring, int slots) in AllRings())
        {
            for (int slot = 0; slot < slots; slot++)
            {
                long at = ring + 256 + (slot * 16);
                uint index = UInt32(at);
                Assert.InRange(index, 2u, _region.Layout.Buffers.Count - 1);
                Assert.True(buffers.Add(index), $"buffer {index} is in two slots");
                Assert.Equal((0u, 0L), (UInt32(at + 4), Int64(at + 8)));
            }
        }
    }

    [Fact]
    public void The_buffer_macro_of_netmap_reaches_the_buffer_that_the_pool_view_reaches()
    {
        foreach ((long ring, int slots) in AllRings())
        {
            for (int slot = 0; slot < slots; slot++)
            {
                uint index = UInt32(ring + 256 + (slot * 16));
                _region.Buffers[index].Fill((byte)slot);
                long buffer = ring + Int64(ring) + (index * (long)UInt32(ring + 12)); // NETMAP_BUF(ring, index)
                Assert.Equal(-1, _region.Bytes(buffer, 2112).IndexOfAnyExcept((byte)slot));
                Assert.Equal(_region.Layout.Buffers.Offset + (index * 2112L), buffer);
            }
        }
    }

    [Fact]
    public void Extra_buffers_are_a_list_that_ends_with_0()
    {
        List<uint> list = [];
        for (uint index = UInt32(_port.InterfaceOffset + 32); index != 0; index = UInt32(Buffer(index)))
        {
            list.Add(index);
        }

        Assert.Equal(Extra, list.Distinct().Count());
        Assert.Equal(Extra, list.Count);
    }

    [Fact]
    public void Views_reach_what_the_bytes_say()
    {
        InterfaceView view = _region.InterfaceAt(_port.InterfaceOffset);
        Assert.Equal("vale0:a-long-na", view.Name);
        long offset = _port.InterfaceOffset + view.GetRingOffset(TxRings + 1);
        RingView ring = _region.RingAt(offset, RxSlots);
        Assert.Equal((ushort)RingDirection.Rx, ring.Header.Direction);
        ring.Slots[5].Length = 60;
        Assert.Equal(60, _port.RxRings[0].Slots[5].Length);
    }

    private IEnumerable<(long Ring, int Slots)> AllRings() =>
        RingsFrom(0, TxRings).Select(ring => (ring, TxSlots))
            .Concat(RingsFrom(TxRings + 1, RxRings).Select(ring => (ring, RxSlots)));

    private IEnumerable<long> RingsFrom(int entry, int count) =>
        Enumerable.Range(entry, count).Select(i => _port.InterfaceOffset + RingOffset(i));

    private (int Id, int Direction) IdAndDirection(long ringOffset)
    {
        Span<byte> ring = _region.Bytes(_port.InterfaceOffset + ringOffset, 20);
        return (BinaryPrimitives.ReadUInt16LittleEndian(ring[16..]),
            BinaryPrimitives.ReadUInt16LittleEndian(ring[18..]));
    }

    private long RingOffset(int entry) => Int64(_port.InterfaceOffset + RingOffsets + (entry * 8));

    private long Buffer(uint index) =>
        _region.Layout.Buffers.Offset + (index * (long)_region.Layout.Buffers.ObjectSize);

    private uint UInt32(long offset) => BinaryPrimitives.ReadUInt32LittleEndian(_region.Bytes(offset, 4));

    private long Int64(long offset) => BinaryPrimitives.ReadInt64LittleEndian(_region.Bytes(offset, 8));
}
