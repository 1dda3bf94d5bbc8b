using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>Descriptors that a client passes are this process's until they are closed, and it has no more of them than
/// its limit: so many a message, whole or not, and none longer than needed.</summary>
public sealed class ForeignDescriptorTests : IDisposable
{
    private readonly string _name = $"foreign-{Guid.NewGuid():n}";
    private readonly QemuBed _bed = new();
    private readonly FileDescriptor _file;
    private readonly HandClient _client;

    public ForeignDescriptorTests()
    {
        _file = MemFd.CreateSealed(_name, 4096);
        _client = new HandClient(_bed.Ptnet);
    }

    public void Dispose()
    {
        _client.Dispose();
        _file.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public void A_message_that_never_gets_whole_holds_no_more_than_was_announced()
    {
        byte[] message = _client.Message(Command.DmaMap, new byte[VfioUserFormat.MostBytes - MessageHeader.Size]);
        Assert.Equal(SessionState.Input, _client.Post(message[..MessageHeader.Size]));
        for (int i = 0; i < VfioUserFormat.MostDescriptors; i++)
        {
            Assert.Equal(SessionState.Input, _client.Post([0], _file));
            Assert.Equal(i + 1, Held());
        }

        Assert.Equal(SessionState.Ended, _client.Post([0], _file));
        Assert.Equal(0, Held());
    }

    [Fact]
    public void So_many_with_one_byte_are_too_many_as_well()
    {
        byte[] message = _client.Message(Command.DmaMap, new byte[1000]);
        Assert.Equal(SessionState.Ended,
            _client.Post(message[..20], [.. Enumerable.Repeat(_file, VfioUserFormat.MostDescriptors + 1)]));
        Assert.Equal(0, Held());
    }

    [Fact]
    public void They_are_counted_by_message_not_by_connection()
    {
        for (int i = 0; i < 3; i++)
        {
            FileDescriptor[] all = [.. Enumerable.Repeat(_file, VfioUserFormat.MostDescriptors)];

            // Refused, for it is no eventfd: all are closed at once.
            Assert.Equal(Errno.Invalid, _client.SetIrqs(0x24, IrqIndex.Msix, 0, 2, null, all).Errno);
            Assert.Equal(0, Held());
        }
    }

    [Fact]
    public void What_comes_with_half_a_message_is_that_messages_when_it_is_whole()
    {
        byte[] message = _client.Message(
            Command.DmaMap,
            HandClient.Bytes(new DmaMapRequest { ArgumentSize = 32, Flags = 3, Address = 0x1000, Length = 0x1000 }));
        Assert.Equal(SessionState.Input, _client.Post(message[..20], _file));
        Assert.Equal(SessionState.Input, _client.Post(message[20..]));
        Assert.Equal(Errno.None, _client.TakeReply()!.Errno);
        Assert.Equal(1, Held());
        Assert.Equal(Errno.None, _client.Unmap(0x1000, 0x1000).Errno);
        Assert.Equal(0, Held());
    }

    // Descriptors of the file in this process, but for our own one.
    private int Held() => Directory.GetFiles("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget?.Contains(_name, StringComparison.Ordinal) == true) - 1;
}
