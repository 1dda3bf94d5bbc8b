using System.Text;
using System.Text.Json;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Qemu;

public sealed class VersionTests : IDisposable
{
    private readonly QemuBed _bed = new();
    private readonly HandClient _client;

    public VersionTests() => _client = new HandClient(_bed.Memdev, negotiate: false);

    public void Dispose()
    {
        _client.Dispose();
        _bed.Dispose();
    }

    [Fact]
    public void QEMU_gets_0_0_and_multiple_writes()
    {
        Reply reply = _client.Version(HandClient.QemuCapabilities);
        Assert.Equal((0, 0), (reply.As<VersionHead>().Major, reply.As<VersionHead>().Minor));
        Assert.Equal(0, reply.Payload[^1]);
        using JsonDocument text = JsonDocument.Parse(reply.Payload.AsMemory(4, reply.Payload.Length - 5));
        JsonElement capabilities = text.RootElement.GetProperty("capabilities");
        Assert.True(capabilities.GetProperty("write_multiple").GetBoolean());
        Assert.Equal(VfioUserFormat.MaxTransfer, capabilities.GetProperty("max_data_xfer_size").GetInt32());
        Assert.Equal(16, capabilities.GetProperty("max_msg_fds").GetInt32());
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"capabilities":{}}""")]
    [InlineData("""{"capabilities":{"write_multiple":true}}""")]
    [InlineData("""{"capabilities":{"write_multiple":true,"max_msg_fds":1,"max_data_xfer_size":1}}""")]
    [InlineData(
        """{"capabilities":{"write_multiple":false,"max_msg_fds":16,"max_data_xfer_size":1048576,"pgsizes":4096,"padding":"xxxxxxxxxxxxxxx"}}""")]
    public void The_reply_is_never_longer_than_the_request_and_offers_nothing_unasked(string json)
    {
        Reply reply = _client.Version(json);
        Assert.Equal(Errno.None, reply.Errno);
        Assert.InRange(reply.Payload.Length, 4, 4 + json.Length + 1);
        Assert.Equal(0, reply.Payload[^1]);
        string text = Encoding.ASCII.GetString(reply.Payload[4..]);
        if (!json.Contains("\"write_multiple\":true", StringComparison.Ordinal))
        {
            Assert.DoesNotContain("write_multiple", text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("1e999999")]
    [InlineData("""{"capabilities":{"a":{"a":{"a":{"a":{"a":{"a":{"a":{"a":1}}}}}}}}}""")]
    [InlineData("""{"capabilities":{}} trailing""")]
    public void What_is_no_JSON_object_is_refused(string json) =>
        Assert.Equal(Errno.Invalid, _client.Version(json).Errno);

    [Fact]
    public void Another_version_is_refused() => Assert.Equal(Errno.Invalid, _client.Version("{}", major: 1).Errno);

    [Fact]
    public void A_text_without_NUL_is_refused() => Assert.Equal(
        Errno.Invalid, _client.Call(Command.Version, HandClient.Bytes(default(VersionHead), "{}"u8)).Errno);

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_payload_that_is_too_short_is_refused(int length) =>
        Assert.Equal(Errno.Invalid, _client.Call(Command.Version, new byte[length]).Errno);

    [Fact]
    public void It_is_settled_once()
    {
        Assert.Equal(Errno.None, _client.Version(HandClient.QemuCapabilities).Errno);
        Assert.Equal(Errno.Invalid, _client.Version(HandClient.QemuCapabilities).Errno);
    }

    [Fact]
    public void Nothing_comes_before_it() =>
        Assert.Equal(Errno.Invalid, _client.Call(Command.DeviceGetInfo, new byte[16]).Errno);
}
