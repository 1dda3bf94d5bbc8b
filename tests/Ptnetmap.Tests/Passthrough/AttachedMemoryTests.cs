using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Memory;

namespace Ptnetmap.Tests.Passthrough;

/// <summary>Ports take their buffers' memory when a guest is attached, or they are connected, and whoever
/// does that is told when there is not enough.</summary>
public sealed class AttachedMemoryTests : IDisposable
{
    private const long MiB = 1 << 20;
    private const long BuffersOfAPort = 2L * 1024 * RegionRequest.DefaultBufferSize;

    private readonly LimitedMemory _memory = new(available: 100 * MiB);
    private readonly WorkerPool _workers = new(1);
    private readonly Quiescence _quiescence = new();
    private readonly ValeSwitch _vale = ValeSwitch.Create("vale0", TimeSpan.FromSeconds(300), TimeProvider.System);

    public void Dispose()
    {
        _workers.Dispose();
        _memory.Dispose();
    }

    [Fact]
    public void A_guest_at_one_end_of_a_pipe_has_the_buffers_of_both_for_they_change_places()
    {
        using MemoryRegion region = _memory.Region(ports: 4);
        (PipePort master, PipePort slave) =
            PipePort.Create("pipe", 1, region, region, PortShape.Symmetric(1, 1024), _quiescence);
        Assert.InRange(region.PopulatedBytes, 0, MiB / 2);
        Attach(slave).Dispose();
        Assert.InRange(region.PopulatedBytes, 2 * BuffersOfAPort, (2 * BuffersOfAPort) + (MiB / 2));
        master.Dispose();
        slave.Dispose();
    }

    [Fact]
    public void Ports_that_are_connected_with_each_other_have_theirs()
    {
        using MemoryRegion region = _memory.Region(ports: 4);
        ValePort left = Open("left", region);
        ValePort right = Open("right", region);
        Assert.InRange(region.PopulatedBytes, 0, MiB / 2);
        Splice.Connect(left, right, _workers, NotificationPolicy.Sleep, _quiescence).Dispose();
        Assert.InRange(region.PopulatedBytes, 2 * BuffersOfAPort, (2 * BuffersOfAPort) + (MiB / 2));
        left.Dispose();
        right.Dispose();
    }

    [Fact]
    public void A_NICs_region_is_there_whole_for_the_kernel_pins_it()
    {
        using MemoryRegion region = _memory.Region(ports: 2);
        using var port = NicPort.Create("netmap:test0", region, PortShape.Symmetric(1, 1024), _quiescence);
        Assert.InRange(region.PopulatedBytes, region.Layout.Buffers.Size, region.Layout.Size);
    }

    [Fact]
    public void Without_memory_a_guest_is_refused_in_words_and_can_come_when_there_is_some()
    {
        using MemoryRegion region = _memory.Region();
        using ValePort port = Open("a", region);
        _memory.Available = 0;
        MemoryLimitException refusal = Assert.Throws<MemoryLimitException>(() => Attach(port));
        Assert.StartsWith("port vale0:a: 2 MiB do not fit into the machine's memory", refusal.Message,
            StringComparison.Ordinal);
        Assert.Null(port.TxRings[0].Client);

        _memory.Available = 10 * MiB;
        using GuestAttachment attachment = Attach(port);
        Assert.NotNull(port.TxRings[0].Client);
    }

    private ValePort Open(string name, MemoryRegion region) =>
        ValePort.Create(_vale, name, region, PortShape.Symmetric(1, 1024), _quiescence);

    private GuestAttachment Attach(Ptnetmap.Ports.Port port) =>
        GuestAttachment.Attach(port, _workers, NotificationPolicy.Sleep, _quiescence);
}
