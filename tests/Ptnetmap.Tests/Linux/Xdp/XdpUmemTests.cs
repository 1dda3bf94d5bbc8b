using CsCheck;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.Linux.Xdp;

public class XdpUmemTests
{
    private const int Headroom = 256;

    [Fact]
    public void A_chunk_ends_where_its_buffer_ends() =>
        Gen.Select(BufferSizes, Gen.UInt[1, uint.MaxValue - 1]).Sample((size, buffer) =>
        {
            var umem = new XdpUmem(0, uint.MaxValue, size);
            Assert.Equal(umem.FillAddress(buffer) + umem.ChunkSize, ((ulong)buffer + 1) * size);
            Assert.Equal(umem.FillAddress(buffer) + Headroom, umem.BufferAddress(buffer));
        });

    [Fact]
    public void Every_address_in_a_buffer_leads_back_to_it() =>
        Gen.Select(BufferSizes, Gen.UInt[1, uint.MaxValue - 1], Gen.UInt[0, XdpUmem.MaxBufferSize - 1])
            .Sample((size, buffer, inside) =>
            {
                var umem = new XdpUmem(0, uint.MaxValue, size);
                ulong offset = inside % size;
                Assert.Equal(buffer, umem.BufferOf(umem.BufferAddress(buffer) + offset));

                // As the kernel writes it: the chunk below, the distance above.
                ulong received = umem.FillAddress(buffer) | ((Headroom + offset) << 48);
                Assert.Equal(buffer, umem.BufferOf(received));
                Assert.Equal(umem.FillAddress(buffer), new XdpDescriptor(received, 60).ChunkAddress);
            });

    [Fact]
    public void A_chunk_of_a_buffer_of_a_page_is_a_page() =>
        Gen.Select(Gen.UInt[1, 1 << 20], Gen.UInt[0, 3839]).Sample((buffer, inside) =>
        {
            var umem = new XdpUmem(0x10000 + Headroom, uint.MaxValue, XdpUmem.PageBufferSize);
            Assert.Equal((0x10000, 4096u, 3840u, false),
                ((long)umem.Address, umem.ChunkSize, umem.LongestFrame, umem.CrossesPages));
            Assert.Equal(buffer * 4096UL, umem.FillAddress(buffer));
            Assert.Equal(umem.FillAddress(buffer) + Headroom, umem.BufferAddress(buffer));
            Assert.Equal(buffer, umem.BufferOf(umem.BufferAddress(buffer) + inside));
            Assert.Equal(buffer, umem.BufferOf(umem.FillAddress(buffer) | ((ulong)(Headroom + inside) << 48)));
            Assert.Equal(umem.FillAddress(buffer) | ((ulong)Headroom << 48), umem.ReceiveAddress(buffer));
        });

    [Fact]
    public void An_address_before_the_first_buffer_leads_to_no_buffer() =>
        Assert.Equal(uint.MaxValue, new XdpUmem(Headroom, 16, XdpUmem.PageBufferSize).BufferOf(Headroom - 1));

    [Theory]
    [InlineData(XdpUmem.MinBufferSize - 1)]
    [InlineData(XdpUmem.MaxBufferSize + 1)]
    [InlineData(XdpUmem.PageBufferSize - 64)]
    [InlineData(XdpUmem.PageBufferSize + 64)]
    public void A_buffer_that_makes_no_chunk_is_refused_with_the_limits_and_the_option(uint size)
    {
        string refusal = Assert.Throws<ArgumentOutOfRangeException>(() => new XdpUmem(0, 16, size)).Message;
        Assert.Contains("1792 to 3840", refusal, StringComparison.Ordinal);
        Assert.Contains("--buffer-size", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_does_not_begin_with_a_page_is_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new XdpUmem(64, 16, 2112));
        Assert.Throws<ArgumentOutOfRangeException>(() => new XdpUmem(Headroom, 16, 2112));
        Assert.Throws<ArgumentOutOfRangeException>(() => new XdpUmem(0, 16, XdpUmem.PageBufferSize));
    }

    private static Gen<uint> BufferSizes => Gen.UInt[XdpUmem.MinBufferSize, XdpUmem.MaxBufferSize];
}
