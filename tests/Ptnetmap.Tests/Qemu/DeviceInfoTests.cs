using System.Runtime.InteropServices;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

/// <summary>DEVICE_GET_INFO, DEVICE_GET_REGION_INFO, DEVICE_GET_IRQ_INFO.</summary>
public sealed class DeviceInfoTests : IDisposable
{
    private readonly QemuBed _bed = new(ringPairs: 4);
    private readonly HandClient _ptnet;
    private readonly HandClient _memdev;

    public DeviceInfoTests()
    {
        _ptnet = new HandClient(_bed.Ptnet);
        _memdev = new HandClient(_bed.Memdev);
    }

    public void Dispose()
    {
        _ptnet.Dispose();
        _memdev.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public void It_is_a_PCI_device_that_can_be_reset()
    {
        DeviceInfo info =
            _ptnet.Call(Command.DeviceGetInfo, HandClient.Bytes(new DeviceInfo { ArgumentSize = 16 })).As<DeviceInfo>();
        Assert.Equal((16u, 3u, 9u, 5u), (info.ArgumentSize, info.Flags, info.Regions, info.Irqs));
    }

    [Theory]
    [InlineData(Command.DeviceGetInfo, 16)]
    [InlineData(Command.DeviceGetRegionInfo, 32)]
    [InlineData(Command.DeviceGetIrqInfo, 16)]
    public void Short_payloads_and_small_argument_sizes_are_refused(Command command, int size)
    {
        Assert.Equal(Errno.Invalid, _ptnet.Call(command, new byte[size - 1]).Errno);
        byte[] payload = new byte[size];
        payload[0] = (byte)(size - 1);
        Assert.Equal(Errno.Invalid, _ptnet.Call(command, payload).Errno);
    }

    [Theory]
    [InlineData(0, 256)]
    [InlineData(1, 0)]
    [InlineData(2, 4096)]
    [InlineData(3, 0)]
    [InlineData(4, 8192)]
    [InlineData(5, 0)]
    [InlineData(6, 0)]
    [InlineData(7, 256)]
    [InlineData(8, 0)]
    public void The_regions_of_ptnet(uint index, ulong length)
    {
        RegionInfo info = Region(_ptnet, index).As<RegionInfo>();
        Assert.Equal((index, length), (info.Index, info.Length));
    }

    [Fact]
    public void A_region_beyond_the_last_is_refused() => Assert.Equal(Errno.Invalid, Region(_ptnet, 9).Errno);

    [Fact]
    public void The_memdevs_BAR_1_is_the_region_and_can_be_mapped()
    {
        Reply reply = Region(_memdev, 1);
        RegionInfo info = reply.As<RegionInfo>();
        Assert.Equal((7u, (ulong)_bed.Region.Layout.Size), (info.Flags, info.Length));
        using FileDescriptor file = Assert.Single(reply.Descriptors);
        using MemoryMapping mapping = MemoryMapping.Map(file, (long)info.Length, (long)info.Offset);
        mapping.Span[100] = 0xAB;
        Assert.Equal(0xAB, _bed.Region.Bytes(100, 1)[0]);

        // And by messages, for a client that does not map it.
        Assert.Equal(0xAB, _memdev.Read(1, 100, 1)[0]);
        Assert.Equal(Errno.None, _memdev.Write(1, 101, 0xCD));
        Assert.Equal(0xCD, mapping.Span[101]);
    }

    [Fact]
    public void Areas_come_with_the_second_question_and_the_descriptor_with_them()
    {
        using var memory = new CsbMemory("sparse");
        using var device = new SparseDevice(memory);
        using var client = new HandClient(device);
        Reply first = Region(client, 0);
        RegionInfo info = first.As<RegionInfo>();
        Assert.Equal((64u, 32u, 0xFu), (info.ArgumentSize, info.CapabilityOffset, info.Flags));
        Assert.Equal(32, first.Payload.Length);
        Assert.Empty(first.Descriptors);

        Reply second = Region(client, 0, 64);
        Assert.Equal(64, second.Payload.Length);
        Assert.Single(second.Descriptors).Dispose();
        Assert.Equal((1, 1), (second.Payload[32], second.Payload[34]));
        Assert.Equal(new MappableArea(4096, 4096), MemoryMarshal.Read<MappableArea>(second.Payload.AsSpan(48)));
    }

    [Theory]
    [InlineData(IrqIndex.Intx, 1, 7)]
    [InlineData(IrqIndex.Msi, 0, 0)]
    [InlineData(IrqIndex.Msix, 8, 1)]
    [InlineData(IrqIndex.Request, 0, 0)]
    public void The_interrupts_of_ptnet(IrqIndex index, uint count, uint flags)
    {
        IrqInfo info = Irq(_ptnet, (uint)index).As<IrqInfo>();
        Assert.Equal((count, flags, (uint)index), (info.Count, info.Flags, info.Index));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(uint.MaxValue)]
    public void Other_interrupts_are_refused(uint index) => Assert.Equal(Errno.Invalid, Irq(_ptnet, index).Errno);

    [Fact]
    public void The_memdev_has_no_interrupts() => Assert.Equal(0u, Irq(_memdev, 2).As<IrqInfo>().Count);

    private static Reply Region(HandClient client, uint index, uint argumentSize = 32) => client.Call(
        Command.DeviceGetRegionInfo, HandClient.Bytes(new RegionInfo { ArgumentSize = argumentSize, Index = index }));

    private static Reply Irq(HandClient client, uint index) => client.Call(
        Command.DeviceGetIrqInfo, HandClient.Bytes(new IrqInfo { ArgumentSize = 16, Index = index }));

    private sealed class SparseDevice : PciDevice
    {
        internal SparseDevice(CsbMemory memory) : base("sparse", 1, 0) => SetBar(0, new SparseRegion(memory), 0);
    }

    private sealed class SparseRegion(CsbMemory memory) : DeviceRegion(8192)
    {
        public override FileDescriptor File => memory.File;

        public override IReadOnlyList<MappableArea> SparseAreas => [new MappableArea(4096, 4096)];

        protected override void ReadInside(ulong offset, Span<byte> data) => data.Clear();

        protected override void WriteInside(ulong offset, ReadOnlySpan<byte> data)
        {
        }
    }
}
