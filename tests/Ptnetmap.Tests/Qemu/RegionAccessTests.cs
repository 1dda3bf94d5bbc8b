using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>REGION_READ, REGION_WRITE, REGION_WRITE_MULTI, posted writes, and what is no command at all.</summary>
public sealed class RegionAccessTests : IDisposable
{
    private readonly QemuBed _bed = new();
    private readonly HandClient _client;

    public RegionAccessTests() => _client = new HandClient(_bed.Ptnet);

    public void Dispose()
    {
        _client.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public void Config_space_identifies_the_device_and_takes_only_what_is_writable()
    {
        byte[] config = _client.Read(7, 0, 256);
        Assert.Equal([0x36, 0x1B, 0x0D, 0x00], config[..4]);
        Assert.Equal([0, 0, 2], config[9..12]);
        Assert.Equal(1, config[0x10]);
        Assert.Equal(0xC, config[0x20]);
        byte[] ones = new byte[256];
        Array.Fill(ones, (byte)0xFF);
        Assert.Equal(Errno.None, _client.Write(7, 0, ones));
        byte[] after = _client.Read(7, 0, 256);
        int[] changed = [.. Enumerable.Range(0, 256).Where(i => after[i] != config[i])];
        Assert.Equal([0x04, 0x05, 0x3C, 0x43], changed);
        Assert.Equal(Errno.None, _client.Call(Command.DeviceReset, []).Errno);
        Assert.Equal(config, _client.Read(7, 0, 256));
    }

    [Fact]
    public void The_chain_of_capabilities_is_MSI_X_and_then_PCI_Express()
    {
        byte[] config = _client.Read(7, 0, 256);
        var found = new List<(int At, byte Id)>();
        for (int at = config[0x34]; at != 0; at = config[at + 1])
        {
            found.Add((at, config[at]));
        }

        Assert.Equal(0x10, config[6] & 0x10);
        Assert.Equal([(0x40, (byte)0x11), (0x50, (byte)0x10)], found);

        // Version 2, an integrated endpoint: 60 bytes, of which nothing is offered but the errors that every device
        // has.
        Assert.Equal([0x92, 0x00, 0x00, 0x80], config[0x52..0x56]);
        Assert.DoesNotContain(config[0x56..0x8C], value => value != 0);
    }

    [Theory]
    [InlineData(0, 0, 0)]
    [InlineData(0, 256, 4)]
    [InlineData(0, 253, 4)]
    [InlineData(0, -4, 8)]
    [InlineData(7, 0, 257)]
    [InlineData(1, 0, 4)]
    [InlineData(9, 0, 4)]
    [InlineData(-1, 0, 4)]
    [InlineData(4, 0, 8193)]
    [InlineData(0, 0, -1)]
    public void What_lies_outside_is_refused(int region, long offset, int count)
    {
        var access = new RegionAccess { Region = (uint)region, Offset = (ulong)offset, Count = (uint)count };
        Assert.Equal(Errno.Invalid, _client.Call(Command.RegionRead, HandClient.Bytes(access)).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.RegionWrite, HandClient.Bytes(access, new byte[8])).Errno);
    }

    [Fact]
    public void Fewer_bytes_than_announced_are_refused()
    {
        var access = new RegionAccess { Offset = 52, Count = 4 };
        Assert.Equal(Errno.Invalid, _client.Call(Command.RegionWrite, HandClient.Bytes(access, new byte[3])).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.RegionWrite, new byte[15]).Errno);
        Assert.Equal(Errno.Invalid, _client.Call(Command.RegionRead, new byte[15]).Errno);
    }

    [Fact]
    public void Parts_of_a_register_can_be_read_and_only_whole_ones_written()
    {
        Assert.Equal([0x33, 0x22, 0x11, 0x02], _client.Read(0, 10, 4));
        Assert.Equal(Errno.None, _client.Write(0, 56, 1, 2));
        Assert.Equal(Errno.None, _client.Write(0, 57, 1, 2, 3, 4));
        Assert.Equal(0u, _client.Register(56));
        Assert.Equal(Errno.None, _client.Write(0, 52, 1, 0, 0, 0, 2, 0, 0, 0));
        Assert.Equal((1u, 2u), (_client.Register(52), _client.Register(56)));
    }

    [Fact]
    public void Several_writes_come_in_one_message()
    {
        byte[] message = [.. BitConverter.GetBytes(2UL), .. Entry(52, 3), .. Entry(56, 4)];
        Assert.Equal(2ul, _client.Call(Command.RegionWriteMulti, message).As<ulong>());
        Assert.Equal((3u, 4u), (_client.Register(52), _client.Register(56)));
        Assert.Equal(SessionState.Input,
            _client.Post(_client.Message(Command.RegionWriteMulti, message, MessageFlags.NoReply)));
        Assert.Null(_client.TakeReply());
    }

    [Theory]
    [InlineData(2UL, 4u)]
    [InlineData(ulong.MaxValue, 4u)]
    [InlineData(1UL, 9u)]
    [InlineData(1UL, 0u)]
    public void Absurd_counts_of_writes_are_refused(ulong count, uint bytes)
    {
        byte[] entry =
            HandClient.Bytes(new WriteMultiEntry { Access = new RegionAccess { Offset = 52, Count = bytes } });
        Assert.Equal(Errno.Invalid,
            _client.Call(Command.RegionWriteMulti, [.. BitConverter.GetBytes(count), .. entry]).Errno);
    }

    [Fact]
    public void A_posted_write_gets_no_reply_even_when_it_is_refused()
    {
        byte[] payload = HandClient.Bytes(new RegionAccess { Region = 9, Count = 4 }, new byte[4]);
        Assert.Equal(SessionState.Input,
            _client.Post(_client.Message(Command.RegionWrite, payload, MessageFlags.NoReply)));
        Assert.Null(_client.TakeReply());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(6)]
    [InlineData(11)]
    [InlineData(14)]
    [InlineData(16)]
    [InlineData(65535)]
    public void Unknown_commands_are_answered_with_an_error(int command) =>
        Assert.Equal(Errno.NotSupported, _client.Call((Command)command, new byte[32]).Errno);

    [Theory]
    [InlineData(15u, 0u)]
    [InlineData(0u, 0u)]
    [InlineData(16385u, 0u)]
    [InlineData(uint.MaxValue, 0u)]
    [InlineData(16u, 1u)]
    public void A_message_that_makes_no_sense_ends_the_session(uint size, uint flags)
    {
        var header =
            new MessageHeader { Command = Command.DeviceReset, MessageSize = size, Flags = (MessageFlags)flags };
        Assert.Equal(SessionState.Ended, _client.Post(HandClient.Bytes(header)));
        Assert.False(_bed.Ptnet.IsConnected);
    }

    [Fact]
    public void Messages_may_come_in_any_pieces()
    {
        byte[] message =
            _client.Message(Command.RegionRead, HandClient.Bytes(new RegionAccess { Offset = 48, Count = 4 }));
        byte[] three = [.. message, .. message, .. message];
        foreach (byte piece in three[..^1])
        {
            Assert.Equal(SessionState.Input, _client.Post([piece]));
        }

        Assert.Equal(SessionState.Input, _client.Post(three[^1..]));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(7, _client.TakeReply()!.Payload[16]));
        Assert.Equal(SessionState.Input, _client.Post(three));
        Assert.All(Enumerable.Range(0, 3), _ => Assert.Equal(7, _client.TakeReply()!.Payload[16]));
    }

    [Fact]
    public void A_client_that_does_not_read_is_not_read_from_and_loses_nothing()
    {
        byte[] message =
            _client.Message(Command.RegionRead, HandClient.Bytes(new RegionAccess { Offset = 48, Count = 4 }));
        _client.Stream.Room = 50;
        Assert.Equal(SessionState.Output, _client.Post([.. message, .. message, .. message]));
        Assert.Equal(SessionState.Output, _client.Session.Pump());
        Assert.Equal(7, _client.TakeReply()!.Payload[16]);
        _client.Stream.Room = int.MaxValue;
        Assert.Equal(SessionState.Input, _client.Session.Pump());
        Assert.All(Enumerable.Range(0, 2), _ => Assert.Equal(7, _client.TakeReply()!.Payload[16]));
        Assert.Null(_client.TakeReply());
    }

    private static byte[] Entry(ulong offset, ulong value) => HandClient.Bytes(
        new WriteMultiEntry { Access = new RegionAccess { Offset = offset, Count = 4 }, Data = value });
}
