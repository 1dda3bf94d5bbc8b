using CsCheck;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.Linux.Xdp;

public class XdpUmemTests
{
    private const int Headroom = 256;

    [Fact]
    public void A_chunk_ends_where_its_buffer_ends() => Gen.Select(BufferSizes, Gen.UInt[1, uint.MaxValue - 1]).Sample((size, buffer) =>
    {
        var umem = new XdpUmem(0, uint.MaxValue, size);
        Assert.Equal(umem.FillAddress(buffer) + umem.ChunkSize, ((ulong)buffer + 1) * size);
        Assert.Equal(umem.FillAddress(buffer) + Headroom, umem.BufferAddress(buffer));
    });

    [Fact]
    public void Every_address_in_a_buffer_leads_back_to_it() =>
        Gen.Select(BufferSizes, Gen.UInt[1, uint.MaxValue - 1], Gen.UInt[0, XdpUmem.MaxBufferSize - 1]).Sample((size, buffer, inside) =>
        {
            var umem = new XdpUmem(0, uint.MaxValue, size);
            ulong offset = inside % size;
            Assert.Equal(buffer, umem.BufferOf(umem.BufferAddress(buffer) + offset));

            // As the kernel writes it: the chunk below, the distance above.
            ulong received = umem.FillAddress(buffer) | ((Headroom + offset) << 48);
            Assert.Equal(buffer, umem.BufferOf(received));
            Assert.Equal(umem.FillAddress(buffer), new XdpDescriptor(received, 60).ChunkAddress);
        });

    [Theory]
    [InlineData(XdpUmem.MinBufferSize - 1)]
    [InlineData(XdpUmem.MaxBufferSize + 1)]
    public void A_buffer_that_makes_no_chunk_is_refused_with_the_limits_and_the_option(uint size)
    {
        string refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new XdpUmem(0, 16, size)).Message;
        Assert.Contains("1792 to 3840", refusal, StringComparison.Ordinal);
        Assert.Contains("--buffer-size", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_does_not_begin_with_a_page_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new XdpUmem(64, 16, 2112));

    private static Gen<uint> BufferSizes => Gen.UInt[XdpUmem.MinBufferSize, XdpUmem.MaxBufferSize];
}
