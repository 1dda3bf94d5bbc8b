using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>When a receive pass asks the kernel: it polls the device then, or looks at the fill ring again.</summary>
public class NicWakeUpTests
{
    private int _asked;

    [Fact]
    public void A_polled_queue_is_asked_when_nothing_has_come_and_the_frames_that_it_brings_are_taken_at_once()
    {
        using var bed = new NicBed();
        using var queue = new MemoryQueue(64) { IsPolled = true };
        bed.Reconnect(queue);
        queue.OnReceive = () => Answer(() => Receive(bed, queue));
        Assert.Equal(SyncStatus.Dry, bed.RxSync());
        Assert.Equal((1, 1u), (_asked, bed.Rx.HwTail));
        Assert.Equal([5], bed.Read());
    }

    [Fact]
    public void A_polled_queue_is_not_asked_while_frames_wait()
    {
        using var bed = new NicBed();
        using var queue = new MemoryQueue(64) { IsPolled = true };
        bed.Reconnect(queue);
        queue.OnReceive = () => Answer(() => { });
        bed.RxSync();
        Receive(bed, queue);
        bed.RxSync();
        Assert.Equal(1, _asked);
    }

    [Fact]
    public void A_kernel_that_missed_what_it_was_lent_is_told_by_the_next_pass_though_nothing_more_is_lent()
    {
        using var bed = new NicBed();
        bed.Queue.OnReceive = () =>
            Answer(() => bed.Queue.KernelFill.ReleaseConsumed(bed.Queue.KernelFill.AvailableAcquire(uint.MaxValue)));

        // The kernel has looked before anything was lent, and says so after that.
        Pass(bed);
        bed.Queue.KernelFill.SetNeedWakeUp(true);
        Assert.Equal(0, _asked);
        Pass(bed);
        Assert.Equal(1, _asked);

        // It has all of them, and wants more: there are none.
        Pass(bed);
        Assert.Equal(1, _asked);
    }

    // As bed.RxSync does, but that the kernel leaves the fill ring alone.
    private static void Pass(NicBed bed) =>
        Assert.Equal(SyncStatus.Dry, bed.Port.SourceOf(bed.Rx)!.RxSync(bed.Rx, 256));

    private static void Receive(NicBed bed, MemoryQueue queue)
    {
        Assert.NotEqual(0u, queue.KernelFill.AvailableAcquire(1));
        ulong chunk = queue.KernelFill.Read(0);
        queue.KernelFill.ReleaseConsumed(1);
        bed.Region.Buffers[bed.Port.Umem.BufferOf(chunk + XdpUmem.Headroom)][..60].Fill(5);
        queue.KernelReceive.Write(0, new XdpDescriptor(chunk | ((ulong)XdpUmem.Headroom << 48), 60));
        queue.KernelReceive.SubmitRelease(1);
    }

    private XdpWakeResult Answer(Action action)
    {
        _asked++;
        action();
        return XdpWakeResult.Done;
    }
}
