using System.Numerics;
using CsCheck;
using Ptnetmap.Memory;

namespace Ptnetmap.Tests.Memory;

public class RegionLayoutTests
{
    public static TheoryData<RegionRequest, string[]> Refusals => new()
    {
        { new() { Ports = 0 }, ["ports: 0", "1 to 1024", "--ports"] },
        { new() { Ports = 1025 }, ["ports: 1025", "1 to 1024", "--ports"] },
        { new() { RingPairs = 0 }, ["ring pairs a port: 0", "1 to 16", "--rings"] },
        { new() { RingPairs = 17 }, ["ring pairs a port: 17", "1 to 16", "--rings"] },
        { new() { Slots = 63 }, ["slots a ring: 63", "64 to 16384", "--slots"] },
        { new() { Slots = 16385 }, ["slots a ring: 16385", "64 to 16384", "--slots"] },
        { new() { ExtraBuffers = -1 }, ["extra buffers: -1", "0 to", "--extra-buffers"] },
        { new() { BufferSize = 0 }, ["buffer size: 0", "64 to 65472", "--buffer-size"] },
        { new() { BufferSize = 65536 }, ["buffer size: 65536", "64 to 65472", "--buffer-size"] },
        { new() { BufferSize = 2000 }, ["buffer size 2000", "multiple of 64", "--buffer-size"] },
        { new() { Id = 0 }, ["region id: 0", "1 to 65535", "--region-id"] },
        { new() { Ports = 1024, RingPairs = 16, Slots = 16384 }, ["MiB", "limit of 65536 MiB", "--ports", "--slots"] },
        { new() { ExtraBuffers = int.MaxValue }, ["MiB", "limit of 65536 MiB", "--extra-buffers"] },
    };

    [Theory]
    [MemberData(nameof(Refusals), DisableDiscoveryEnumeration = true)]
    public void A_refusal_names_the_limit_the_value_and_the_option(RegionRequest request, string[] parts)
    {
        RegionLimitException refusal = Assert.Throws<RegionLimitException>(() => RegionLayout.Compute(request));
        Assert.All(parts, part => Assert.Contains(part, refusal.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void The_smallest_region_is_one_hugepage() =>
        Assert.Equal(2 << 20, RegionLayout.Compute(new() { Slots = 64 }).Size);

    [Fact]
    public void Any_request_in_the_limits_gives_a_layout_that_holds_it()
    {
        var requests =
            from ports in Gen.Int[1, 64]
            from rings in Gen.Int[1, 16]
            from slots in Gen.Int[64, 2048]
            from extra in Gen.Int[0, 5000]
            from lines in Gen.Int[1, 64]
            select new RegionRequest
            {
                Ports = ports,
                RingPairs = rings,
                Slots = slots,
                ExtraBuffers = extra,
                BufferSize = lines * 64,
            };
        requests.Sample(request =>
        {
            RegionLayout layout = RegionLayout.Compute(request);
            layout.Validate();
            Assert.True(BitOperations.IsPow2(layout.Size));
            Assert.True(layout.Buffers.End <= layout.Size);
            Assert.True(layout.Size == RegionLayout.MinSize || layout.Size / 2 < layout.Buffers.End, "padded too far");
            Assert.Equal((uint)request.Ports, layout.Interfaces.Count);
            Assert.Equal((uint)(2 * request.Ports * request.RingPairs), layout.Rings.Count);
            Assert.True(layout.Rings.ObjectSize >= 256 + (request.Slots * 16));
            Assert.True(layout.Interfaces.ObjectSize >= 56 + (((2 * request.RingPairs) + 2) * 8));
            Assert.Equal(layout.Rings.Count * (long)request.Slots + request.ExtraBuffers + 2, layout.Buffers.Count);
            Assert.Equal((0, request.BufferSize == 4096 ? 256 : 0),
                (layout.Rings.Offset % 4096, layout.Buffers.Offset % 4096));
            Assert.True(layout.Rings.Offset >= layout.Interfaces.End && layout.Buffers.Offset >= layout.Rings.End);
        });
    }

    [Fact]
    public void Buffers_of_a_whole_page_are_a_page_with_the_headroom_of_AF_XDP_before_them()
    {
        RegionLayout layout = RegionLayout.Compute(new RegionRequest { BufferSize = 4096 });
        layout.Validate();
        Assert.Equal(256, layout.Buffers.Offset % 4096);
        RegionLayout atPage = layout with { Buffers = layout.Buffers with { Offset = layout.Buffers.Offset - 256 } };
        Assert.Throws<RegionLimitException>(atPage.Validate);
        Assert.Throws<RegionLimitException>(
            () => (layout with { Buffers = layout.Buffers with { ObjectSize = 2112 } }).Validate());
    }

    [Fact]
    public void A_descriptor_stands_for_its_layout()
    {
        RegionLayout layout = Regions.Layout(ports: 3, ringPairs: 2, slots: 100);
        Assert.Equal(layout, RegionDescriptor.Read(RegionDescriptor.Write(layout)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ptnetmap-region-1")]
    [InlineData("ptnetmap-region-2 1 2097152 0 1 128 4096 2 1280 8192 130 2112")]
    [InlineData("ptnetmap-region-1 1 2097152 0 1 128 4096 2 1280 8192 130 2112 0")]
    [InlineData("ptnetmap-region-1 1 2097152 0 1 128 4096 2 1280 8192 130 -2112")]
    [InlineData("ptnetmap-region-1 65537 2097152 0 1 128 4096 2 1280 8192 130 2112")]
    [InlineData("ptnetmap-region-1 1 2097152 0 1 128 4096 2 1280 8192 4294967426 2112")]
    public void A_line_that_is_no_descriptor_is_refused(string line) =>
        Assert.Throws<RegionLimitException>(() => RegionDescriptor.Read(line));

    [Fact]
    public void The_line_from_which_the_bad_ones_were_made_is_good() => Assert.Equal(
        130u, RegionDescriptor.Read("ptnetmap-region-1 1 2097152 0 1 128 4096 2 1280 8192 130 2112").Buffers.Count);

    [Fact]
    public void A_layout_from_outside_that_is_accepted_keeps_its_pools_apart_and_inside()
    {
        long[] common = [0, 64, 128, 1280, 2112, 4096, 8192, uint.MaxValue];
        Gen<long> number = Gen.OneOf(
            Gen.Long[0, 1 << 22], Gen.Long, Gen.UInt.Select(n => (long)n),
            Gen.Int[0, 63].Select(bit => 1L << bit), Gen.Int[0, 7].Select(i => common[i]));
        long[] good = [1, 2 << 20, 0, 1, 128, 4096, 2, 1280, 8192, 130, 2112];
        Gen.Select(Gen.Int[0, 10], number, Gen.Int[0, 10], number).Sample((first, one, second, two) =>
        {
            long[] n = [.. good];
            n[first] = one;
            n[second] = two;
            RegionLayout layout = new((ushort)n[0], n[1],
                new(n[2], (uint)n[3], (uint)n[4]), new(n[5], (uint)n[6], (uint)n[7]), new(n[8], (uint)n[9],
                    (uint)n[10]));
            try
            {
                layout.Validate();
            }
            catch (RegionLimitException)
            {
                return;
            }

            Int128 end = 0;
            foreach (PoolLayout pool in (PoolLayout[])[layout.Interfaces, layout.Rings, layout.Buffers])
            {
                Assert.True(pool.Offset >= end);
                end = pool.Offset + ((Int128)pool.Count * pool.ObjectSize);
            }

            Assert.True(end <= layout.Size);
            Assert.InRange(layout.Size, RegionLayout.MinSize, RegionLayout.MaxSize);
        });
    }

    [Theory]
    [InlineData(uint.MaxValue, uint.MaxValue)]
    [InlineData(0x8000_0000u, 0x4000_0000u)]
    [InlineData(1u << 30, 128u)]
    public void A_layout_whose_interface_pool_overflows_is_refused(uint count, uint size) =>
        Assert.Throws<RegionLimitException>(() =>
            (Regions.Layout() with { Interfaces = new(0, count, size) }).Validate());
}
