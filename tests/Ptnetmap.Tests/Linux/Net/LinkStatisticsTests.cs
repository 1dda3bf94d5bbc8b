using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ptnetmap.Linux.Net;

namespace Ptnetmap.Tests.Linux.Net;

/// <summary>The kernel's counters of an interface, as netlink brings them.</summary>
public class LinkStatisticsTests
{
    private const ushort Statistics = 23;
    private const int Whole = 24 * sizeof(ulong);

    [Theory]
    [InlineData(Whole)]
    [InlineData(Whole + 8)]
    [InlineData(Whole + 100)]
    public void Counters_are_read_by_their_places_and_what_newer_kernels_append_is_left(int size)
    {
        LinkStatistics counters = LinkInfo.TryParse(Message(Attribute(size, size)))!.Statistics!;
        Assert.Equal(new LinkStatistics(100, 101, 102, 103, 104, 105, 106, 107, 115, 123), counters);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(8, 8)]
    [InlineData(Whole - 8, Whole - 8)]
    [InlineData(Whole - 1, Whole - 1)]
    [InlineData(Whole, Whole + 4)]
    [InlineData(Whole, ushort.MaxValue)]
    public void A_value_that_is_too_short_or_says_that_it_is_longer_than_the_message_is_none(int size, int said)
    {
        LinkInfo link = LinkInfo.TryParse(Message(Attribute(size, said)))!;
        Assert.Null(link.Statistics);
        Assert.Equal(7, link.Index);
    }

    [Fact]
    public void The_kernel_counts_what_an_interface_sends_and_the_other_end_receives()
    {
        Needs.Xdp();
        using var pair = new VethPair();
        pair.AddAddresses();
        Assert.Equal(new LinkStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0), pair.LeftLinks.TryGet("left")!.Statistics);
        using UdpClient receiver = pair.RightSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 7003)));
        using UdpClient sender = pair.LeftSpace.Run(() => new UdpClient(new IPEndPoint(IPAddress.Any, 0)));
        receiver.Client.ReceiveTimeout = 20_000;
        for (int i = 0; i < 10; i++)
        {
            _ = sender.Send(new byte[100], new IPEndPoint(IPAddress.Parse("10.9.0.2"), 7003));
            IPEndPoint? from = null;
            Assert.Equal(100, receiver.Receive(ref from).Length);
        }

        LinkStatistics left = pair.LeftLinks.TryGet("left")!.Statistics!;
        LinkStatistics right = pair.RightLinks.TryGet("right")!.Statistics!;

        // Ten datagrams of 142 bytes, and who asked for whose address.
        Assert.Equal((left.TxPackets, left.TxBytes), (right.RxPackets, right.RxBytes));
        Assert.InRange(left.TxPackets, 11, 12);
        Assert.True(left.TxBytes >= 1420 + 42);
    }

    private static byte[] Attribute(int size, int said)
    {
        byte[] bytes = new byte[4 + size];
        BinaryPrimitives.WriteUInt16LittleEndian(bytes, (ushort)Math.Min(said + 4, ushort.MaxValue));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), Statistics);
        for (int i = 0; i < size / sizeof(ulong); i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(4 + (i * sizeof(ulong))), 100 + (ulong)i);
        }

        return bytes;
    }

    private static byte[] Message(byte[] attribute)
    {
        byte[] bytes = [.. new byte[LinkInfo.FixedSize], .. attribute];
        bytes[4] = 7;
        return bytes;
    }
}
