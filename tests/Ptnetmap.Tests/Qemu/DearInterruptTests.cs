using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

/// <summary>Eventfds that a client made dear to signal: found out by CPU time, not by the clock alone, and signalled by
/// a thread of their own from then on.</summary>
public class DearInterruptTests
{
    private const uint Msix = 0x24;
    private const uint ByHand = 0x21;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // What the next readings of the clocks are later by.
    private long _now;
    private long _wallStep;
    private long _cpuStep;

    [Fact]
    public void A_signal_that_takes_long_for_others_reasons_is_not_dear()
    {
        (_wallStep, _cpuStep) = (10 * SignalMeter.Suspicious, SignalMeter.Dear / 2);
        using var mine = new EventFd();
        EventFd measured = Measured(mine, out SignalMeter meter);
        for (int i = 0; i < 50; i++)
        {
            measured.Signal();
        }

        Assert.False(meter.IsDear);
        measured.Dispose();
    }

    [Fact]
    public void Signals_that_take_the_threads_own_time_are_dear_after_a_few()
    {
        (_wallStep, _cpuStep) = (SignalMeter.Suspicious, SignalMeter.Dear);
        using var mine = new EventFd();
        EventFd measured = Measured(mine, out SignalMeter meter);
        for (int i = 0; i < SignalMeter.Times; i++)
        {
            measured.Signal();
        }

        Assert.False(meter.IsDear);
        measured.Signal();
        Assert.True(meter.IsDear);
        meter.Reset();
        _wallStep = 1;
        measured.Signal();
        measured.Signal();
        Assert.False(meter.IsDear);
        measured.Dispose();
    }

    [Fact]
    public void A_dear_client_is_interrupted_by_a_thread_of_its_own_and_named()
    {
        int told = 0;
        using var bed =
            new QemuBed(change: options => options with { InterruptsDear = () => told++, Wall = Wall, Cpu = Cpu });
        using EventFd first = new(), second = new();
        using (var client = new HandClient(bed.Ptnet))
        {
            Assert.Equal(Errno.None,
                client.SetIrqs(Msix, IrqIndex.Msix, 0, 2, null, first.Descriptor, second.Descriptor).Errno);
            MakeDear(bed, client);
            Assert.True(first.TryConsume());
            Assert.Equal((true, 1), (bed.Ptnet.HasDearInterrupts, told));
            Interrupt(client, 0);
            Assert.True(first.Wait(Patience));
            Interrupt(client, 1);
            Assert.True(second.Wait(Patience));

            // Another eventfd in its place, and none.
            Assert.Equal(Errno.None, client.SetIrqs(Msix, IrqIndex.Msix, 0, 1, null, second.Descriptor).Errno);
            Interrupt(client, 0);
            Assert.True(second.Wait(Patience));
            Assert.Equal(Errno.None, client.SetIrqs(ByHand, IrqIndex.Msix, 0, 0).Errno);
            Interrupt(client, 1);
            Assert.False(first.TryConsume() || second.TryConsume());
        }

        // Who comes back is dear from the start.
        using var next = new HandClient(bed.Ptnet);
        Assert.Equal(Errno.None, next.SetIrqs(Msix, IrqIndex.Msix, 0, 1, null, first.Descriptor).Errno);
        Interrupt(next, 0);
        Assert.True(first.Wait(Patience));
        Assert.Equal((true, 1), (bed.Ptnet.HasDearInterrupts, told));
    }

    [Fact]
    public void A_client_whose_interrupts_have_become_cheap_leaves_the_port_as_it_was()
    {
        using var bed = new QemuBed(change: options => options with { Wall = Wall, Cpu = Cpu });
        using EventFd vector = new();
        using (var client = new HandClient(bed.Ptnet))
        {
            Assert.Equal(Errno.None, client.SetIrqs(Msix, IrqIndex.Msix, 0, 1, null, vector.Descriptor).Errno);
            MakeDear(bed, client);
            _ = vector.TryConsume();
            Interlocked.Exchange(ref _cpuStep, 1);
            for (int i = 0; i < 200; i++)
            {
                Interrupt(client, 0);
                Assert.True(vector.Wait(Patience));
            }
        }

        Assert.False(bed.Ptnet.HasDearInterrupts);
    }

    // Those that are measured are on this thread; what the relay's thread reads is not ordered with them.
    private void MakeDear(QemuBed bed, HandClient client)
    {
        (_wallStep, _cpuStep) = (SignalMeter.Suspicious, SignalMeter.Dear);
        for (int i = 0; i <= SignalMeter.Times; i++)
        {
            Interrupt(client, 0);
        }

        bed.Ptnet.Serve();
    }

    private static void Interrupt(HandClient client, uint vector) =>
        Assert.Equal(Errno.None, client.SetIrqs(ByHand, IrqIndex.Msix, vector, 1).Errno);

    private EventFd Measured(EventFd mine, out SignalMeter meter)
    {
        meter = new SignalMeter(Wall, Cpu);
        return new EventFd(mine.Descriptor.Duplicate(), shared: true) { Meter = meter };
    }

    private long Wall() => Interlocked.Add(ref _now, Interlocked.Read(ref _wallStep));

    private long Cpu() => Interlocked.Add(ref _now, Interlocked.Read(ref _cpuStep));
}
