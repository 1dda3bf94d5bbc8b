using CsCheck;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Linux.Xdp;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Sending: slots that are the kernel's until their frames have left.</summary>
public class NicSendTests
{
    [Fact]
    public void A_frame_goes_out_from_where_it_lies_and_its_slot_comes_back_when_it_has_left()
    {
        using var bed = new NicBed();
        uint buffer = bed.Send();
        Assert.Equal(SyncStatus.Dry, bed.TxSync());
        XdpDescriptor frame = Assert.Single(bed.Take());
        Assert.Equal(new XdpDescriptor(bed.Port.Umem.BufferAddress(buffer), 60), frame);
        Assert.Equal((1u, 63u, 1u), (bed.Tx.HwCur, bed.Tx.HwTail, bed.Tx.InFlight));
        bed.Complete(frame);
        Assert.Equal(SyncStatus.Dry, bed.Port.Reclaim(bed.Tx));
        Assert.Equal((1u, 0u, 0u), (bed.Tx.HwCur, bed.Tx.HwTail, bed.Tx.InFlight));
    }

    [Fact]
    public void With_half_of_the_ring_on_its_way_it_is_worth_looking_again()
    {
        using var bed = new NicBed();
        for (int i = 0; i < 32; i++)
        {
            bed.Send();
        }

        Assert.Equal(SyncStatus.Blocked, bed.TxSync());
        bed.Take().ForEach(bed.Complete);
        Assert.Equal(SyncStatus.Dry, bed.Port.Reclaim(bed.Tx));
        Assert.NotEqual(0, bed.Port.RetryNanoseconds);
    }

    [Fact]
    public void A_slot_behind_one_that_has_not_left_waits()
    {
        using var bed = new NicBed();
        bed.Send();
        bed.Send();
        bed.Send();
        bed.TxSync();
        List<XdpDescriptor> frames = bed.Take();
        bed.Complete(frames[1]);
        bed.Port.Reclaim(bed.Tx);
        Assert.Equal(3u, bed.Tx.InFlight);
        bed.Complete(frames[0]);
        bed.Port.Reclaim(bed.Tx);
        Assert.Equal(1u, bed.Tx.InFlight);
    }

    [Theory]
    [InlineData(0u, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(1u, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(1_000_000u, 60, SlotFlags.None, DropReason.BadBufferIndex)]
    [InlineData(2u, 3000, SlotFlags.None, DropReason.BadLength)]
    [InlineData(2u, 0, SlotFlags.None, DropReason.Runt)]
    [InlineData(2u, 13, SlotFlags.None, DropReason.Runt)]
    [InlineData(2u, NicBed.Mtu + 19, SlotFlags.None, DropReason.Oversize)]
    [InlineData(2u, 60, SlotFlags.MoreFragments, DropReason.UnsupportedFlag)]
    [InlineData(2u, 60, SlotFlags.Indirect, DropReason.UnsupportedFlag)]
    public void A_bad_slot_is_dropped_and_counted_and_the_next_one_goes_out(
        uint buffer, int length, SlotFlags flags, DropReason reason)
    {
        using var bed = new NicBed();
        bed.Send(new SlotWord(buffer, (ushort)length, flags));
        bed.Send();
        bed.TxSync();
        bed.Complete(Assert.Single(bed.Take()));
        bed.Port.Reclaim(bed.Tx);
        Assert.Equal(0u, bed.Tx.InFlight);
        Assert.Equal(1, bed.Tx.Counters.Drops.Of(reason));
        Assert.Equal((1, 1), (bed.Tx.Counters.Drops.Total, bed.Tx.Counters.Packets));
    }

    [Fact]
    public void The_longest_frame_goes_out()
    {
        using var bed = new NicBed();
        bed.Send(length: NicBed.Mtu + 18);
        bed.TxSync();
        Assert.Equal((uint)NicBed.Mtu + 18, Assert.Single(bed.Take()).Length);
    }

    [Fact]
    public void While_it_is_down_frames_are_dropped_and_counted()
    {
        using var bed = new NicBed(connect: false);
        bed.Send();
        Assert.Equal(SyncStatus.Dry, bed.TxSync());
        Assert.Equal(1, bed.Tx.Counters.Drops.Of(DropReason.LinkDown));
        Assert.Equal(0u, bed.Tx.InFlight);
    }

    [Fact]
    public void The_kernel_is_woken_when_it_asks_and_as_long_as_it_gets_on()
    {
        using var bed = new NicBed();
        bed.Queue.KernelTransmit.SetNeedWakeUp(true);
        int calls = 0;
        bed.Queue.OnTransmit = () =>
        {
            calls++;
            bed.Queue.KernelTransmit.ReleaseConsumed(Math.Min(2, bed.Queue.KernelTransmit.AvailableAcquire(2)));
            return bed.Queue.Transmit.Pending == 0 ? XdpWakeResult.Done : XdpWakeResult.Again;
        };
        for (int i = 0; i < 5; i++)
        {
            bed.Send();
        }

        bed.TxSync();
        Assert.Equal((3, 3), (calls, bed.Port.WakeUps));
    }

    [Fact]
    public void A_kernel_that_does_not_get_on_is_asked_once_and_again_with_the_next_pass()
    {
        using var bed = new NicBed();
        bed.Queue.KernelTransmit.SetNeedWakeUp(true);
        bed.Queue.OnTransmit = () => XdpWakeResult.Again;
        bed.Send();
        bed.TxSync();
        Assert.Equal(1, bed.Port.WakeUps);
        bed.Port.Reclaim(bed.Tx);
        Assert.Equal(2, bed.Port.WakeUps);
    }

    [Fact]
    public void An_interface_that_is_down_costs_frames_until_it_is_up()
    {
        using var bed = new NicBed();
        bed.Queue.KernelTransmit.SetNeedWakeUp(true);
        bed.Queue.OnTransmit = () => XdpWakeResult.Down;
        bed.Send();
        bed.TxSync();
        bed.Send();
        Assert.Equal(SyncStatus.Dry, bed.TxSync());
        Assert.Equal(1, bed.Tx.Counters.Drops.Of(DropReason.LinkDown));
        bed.Queue.OnTransmit = () => XdpWakeResult.Done;
        bed.Send();
        bed.TxSync();
        Assert.Equal(2, bed.Take().Count);
    }

    // The frames leave, and the kernel asks for nothing, only some time after the link is up.
    [Fact]
    public void What_was_on_its_way_when_the_link_went_down_is_waited_for_again_once_it_is_up()
    {
        using var bed = new NicBed();
        bed.Queue.KernelTransmit.SetNeedWakeUp(true);
        bed.Send();
        bed.TxSync();
        List<XdpDescriptor> onTheirWay = bed.Take();
        bed.Queue.OnTransmit = () => XdpWakeResult.Down;
        for (int i = 1; i < 63; i++)
        {
            bed.Send();
            Assert.Equal(SyncStatus.Dry, bed.TxSync());
            onTheirWay.AddRange(bed.Take());
        }

        Assert.Equal(63u, bed.Tx.InFlight);
        Assert.Equal(SyncStatus.Dry, bed.Port.Reclaim(bed.Tx));
        bed.Queue.OnTransmit = () => XdpWakeResult.Done;
        Assert.Equal(SyncStatus.Blocked, bed.Port.Reclaim(bed.Tx));
        onTheirWay.ForEach(bed.Complete);
        Assert.Equal(SyncStatus.Dry, bed.Port.Reclaim(bed.Tx));
        Assert.Equal(0u, bed.Tx.InFlight);
    }

    [Fact]
    public void When_the_device_goes_what_was_on_its_way_comes_back()
    {
        using var other = new MemoryQueue(64);
        using var bed = new NicBed();
        bed.Send();
        bed.Send();
        bed.TxSync();
        bed.Port.Disconnect();
        Assert.Equal(SyncStatus.Dry, bed.Port.Reclaim(bed.Tx));
        Assert.Equal(0u, bed.Tx.InFlight);
        bed.Reconnect(other);
        uint buffer = bed.Send();
        bed.TxSync();
        Assert.Equal(bed.Port.Umem.BufferAddress(buffer), other.KernelTransmit.AvailableAcquire(1) == 1
            ? other.KernelTransmit.Read(0).Address
            : 0);
    }

    [Fact]
    public void Whatever_the_order_of_completions_frames_go_out_once_and_slots_come_back_when_all_before_them_have() =>
        Gen.Select(Gen.Int[0, 4], Gen.Int[0, 1000], Gen.Int[0, 80]).Array[1, 300].Sample(steps =>
        {
            using var bed = new NicBed();
            var model = new TxModel(bed);
            foreach ((int what, int which, int length) in steps)
            {
                if (what < 2)
                {
                    model.Send((ushort)length);
                }
                else if (what == 2)
                {
                    model.Complete(which);
                }
                else
                {
                    model.Sync((uint)(which % 5) + 1);
                }
            }
        });

    private sealed class TxModel(NicBed bed)
    {
        private readonly Queue<(ulong Address, uint Length)> _expected = [];
        private readonly List<(bool IsFrame, ulong Address)> _inFlight = [];
        private readonly Queue<(bool IsFrame, ulong Address)> _pending = [];
        private readonly List<XdpDescriptor> _kernel = [];
        private readonly HashSet<ulong> _left = [];

        internal void Send(ushort length)
        {
            if (bed.Tx.Ring.Distance(bed.Tx.Head, bed.Tx.HwTail) == 0)
            {
                return;
            }

            ulong address = bed.Port.Umem.BufferAddress(bed.Send(length));
            _pending.Enqueue((length >= 14, address));
            if (length >= 14)
            {
                _expected.Enqueue((address, length));
            }
        }

        internal void Complete(int which)
        {
            if (_kernel.Count != 0)
            {
                XdpDescriptor frame = _kernel[which % _kernel.Count];
                _kernel.Remove(frame);
                _left.Add(frame.Address);
                bed.Complete(frame);
            }
        }

        internal void Sync(uint budget)
        {
            for (uint i = 0; i < budget && _pending.TryDequeue(out (bool, ulong) slot); i++)
            {
                _inFlight.Add(slot);
            }

            if (bed.TxSync(budget) == SyncStatus.Dry)
            {
                Assert.Empty(_pending);
            }

            foreach (XdpDescriptor frame in bed.Take())
            {
                Assert.Equal(_expected.Dequeue(), (frame.Address, frame.Length));
                _kernel.Add(frame);
            }

            while (_inFlight.Count != 0 && (!_inFlight[0].IsFrame || _left.Remove(_inFlight[0].Address)))
            {
                _inFlight.RemoveAt(0);
            }

            bed.Port.Reclaim(bed.Tx);
            Assert.Equal((uint)_inFlight.Count, bed.Tx.InFlight);
        }
    }
}
