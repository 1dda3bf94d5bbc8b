using Ptnetmap.Linux;
using Ptnetmap.Linux.Bpf;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.Tests.Linux.Xdp;

/// <summary>Sockets on the real kernel, between the ends of a veth pair in namespaces of the test's own.</summary>
public class XdpSocketTests
{
    private const int EBusy = 16;
    private const int EInval = 22;
    private const byte Untouched = 0xA5;

    [Theory]
    [InlineData(XdpAttachMode.Driver, 2, true)]
    [InlineData(XdpAttachMode.Driver, 2, false)]
    [InlineData(XdpAttachMode.Generic, 1, false)]
    public void A_frame_goes_from_queue_to_queue_and_lands_at_the_start_of_a_buffer(XdpAttachMode mode,
        int queues, bool share)
    {
        Needs.Xdp();
        using var pair = new VethPair(queues);
        using var left = new XdpEnd(pair.LeftSpace, pair.Left, queues, mode, share);
        using var right = new XdpEnd(pair.RightSpace, pair.Right, queues, mode, share);
        right.Memory.Fill(Untouched);
        for (int queue = 0; queue < queues; queue++)
        {
            foreach (uint length in (uint[])[60, 64, 1000, 1514])
            {
                uint from = 20 + (uint)queue;
                uint to = 40 + (uint)queue;
                Span<byte> frame = left.Buffer(from)[..(int)length];
                new Random((int)length).NextBytes(frame);
                right.Fill(queue, to);
                left.Send(queue, from, length);

                XdpDescriptor received = right.Receive(queue);

                Assert.Equal((length, 0u), (received.Length, received.Options));
                Assert.Equal(right.Umem.FillAddress(to), received.ChunkAddress);
                Assert.Equal(right.Umem.BufferAddress(to), received.FrameAddress);
                Assert.Equal(to, right.Umem.BufferOf(received.Address));
                Assert.Equal(frame, right.Buffer(to)[..(int)length]);
                Assert.False(right.Buffer(to - 1 - (uint)queue).ContainsAnyExcept(Untouched),
                    "the headroom was written to");
                Assert.False(right.Sockets[queue].IsZeroCopy);
            }
        }
    }

    [Fact]
    public void A_queue_that_is_taken_is_refused_and_the_remedy_named()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var first = new XdpEnd(pair.LeftSpace, pair.Left);
        LinuxException refusal = Assert.Throws<LinuxException>(
            () => pair.LeftSpace.Run(() => XdpSocket.Open(first.Umem, Options(pair.Left, queue: 0))));
        Assert.Equal(EBusy, refusal.Errno);
        Assert.Contains("another AF_XDP socket has queue 0", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_queue_that_is_not_there_is_refused()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var first = new XdpEnd(pair.LeftSpace, pair.Left);
        LinuxException refusal = Assert.Throws<LinuxException>(
            () => pair.LeftSpace.Run(() => XdpSocket.Open(first.Umem, Options(pair.Left, queue: 1))));
        Assert.Equal(EInval, refusal.Errno);
        Assert.Contains("no queue 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_copy_that_the_driver_cannot_do_is_refused_and_not_replaced()
    {
        Needs.Xdp();
        using var pair = new VethPair(queues: 2);
        using var first = new XdpEnd(pair.LeftSpace, pair.Left);
        LinuxException refusal = Assert.Throws<LinuxException>(() => pair.LeftSpace.Run(
            () => XdpSocket.Open(first.Umem, Options(pair.Left, queue: 1) with { Mode = XdpMode.ZeroCopy })));
        Assert.Contains("cannot do zero-copy", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Frames_without_a_buffer_to_land_in_are_counted_by_reason()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var left = new XdpEnd(pair.LeftSpace, pair.Left);
        using var right = new XdpEnd(pair.RightSpace, pair.Right);
        left.Send(0, 20, 60);
        Assert.True(SpinWait.SpinUntil(() => right.Sockets[0].ReadStatistics().ReceiveDropped == 1,
            TimeSpan.FromSeconds(60)));
        XdpStatistics statistics = right.Sockets[0].ReadStatistics();
        Assert.Equal((1ul, 0ul, 0ul, 0ul), (statistics.FillRingEmpty, statistics.ReceiveRingFull,
            statistics.ReceiveInvalid, statistics.TransmitInvalid));
    }

    [Theory]
    [InlineData(XdpEnd.Buffers * XdpEnd.BufferSize)]
    [InlineData(ulong.MaxValue >> 16)]
    [InlineData(XdpEnd.Buffers * XdpEnd.BufferSize - 59ul)]
    public void An_address_outside_the_memory_is_refused_by_the_kernel_and_counted(ulong address)
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var left = new XdpEnd(pair.LeftSpace, pair.Left);
        XdpSocket socket = left.Sockets[0];
        socket.Transmit.Write(0, new XdpDescriptor(address, 60));
        socket.Transmit.SubmitRelease(1);
        Assert.Equal(XdpWakeResult.Done, socket.WakeTransmit());
        Assert.Equal(1ul, socket.ReadStatistics().TransmitInvalid);
    }

    [Fact]
    public void An_interface_that_is_down_or_gone_is_told_when_sending()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var left = new XdpEnd(pair.LeftSpace, pair.Left);
        pair.LeftLinks.SetUp(pair.Left, up: false);
        Assert.Equal(XdpWakeResult.Down, left.Sockets[0].WakeTransmit());
        Assert.True(pair.LeftLinks.TryDelete(pair.Left));
        Assert.Equal(XdpWakeResult.Gone, left.Sockets[0].WakeTransmit());
    }

    [Fact]
    public void A_transmit_budget_out_of_range_is_refused()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        using var left = new XdpEnd(pair.LeftSpace, pair.Left);
        Assert.False(left.Sockets[0].TrySetTransmitBudget(65));
    }

    private static XdpSocketOptions Options(int interfaceIndex, int queue) =>
        new() { InterfaceIndex = interfaceIndex, Queue = queue };
}
