namespace Ptnetmap.Tests.Abi;

/// <summary>The bytes of <c>struct virtio_net_hdr_v1</c> (virtio 1.2, 5.1.6), one by one.</summary>
public class VnetHeaderLayoutTests
{
    private static readonly VnetHeader Header = new(1, SegmentationType.TcpV6, true, 0x0302, 0x0504, 0x0706, 0x0908);

    private static readonly byte[] Bytes = [1, 0x84, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0];

    [Fact]
    public void Every_field_is_written_at_its_offset()
    {
        var bytes = new byte[VnetHeader.Length];
        Array.Fill(bytes, (byte)0xFF);
        Header.Write(bytes);
        Assert.Equal(Bytes, bytes);
    }

    [Fact]
    public void And_read_from_there() => Assert.Equal(Header, VnetHeader.Read(Bytes));

    [Theory]
    [InlineData(SegmentationType.None, 0)]
    [InlineData(SegmentationType.TcpV4, 1)]
    [InlineData(SegmentationType.UdpFragments, 3)]
    [InlineData(SegmentationType.TcpV6, 4)]
    [InlineData(SegmentationType.Udp, 5)]
    public void A_type_has_its_number(SegmentationType type, int number) => Assert.Equal(number, (int)type);
}
