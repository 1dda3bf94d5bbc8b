using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>A kernel at an access port, through a real TAP interface, and trunks whose tagged frames are
/// captures.</summary>
public sealed class VlanTests : IDisposable
{
    private const int Port = 7777;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly KernelHost _host = KernelHost.Create();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_kernel_without_tags_speaks_with_a_trunk()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(
            $"[[attach]]\nswitch = \"vale0\"\nport = \"tap:t0\"\nvlan = 10\n[attach.host]\nnetns = \"{_host.Path}\"\n");
        _host.Address("t0", "10.9.0.1");
        string captured = daemon.PathOf("out.pcap");
        await daemon.Ptnet("switch", "attach", "vale0", $"pcap:-,{captured}", "--as", "tape", "--trunk", "10,20-29");

        using Socket socket = _host.Socket(SocketType.Dgram);
        socket.EnableBroadcast = true;
        socket.Bind(new IPEndPoint(IPAddress.Parse("10.9.0.1"), Port));
        byte[] payload = Encoding.ASCII.GetBytes("from a kernel that knows of no tags");
        await socket.SendToAsync(payload, new IPEndPoint(IPAddress.Broadcast, Port));
        Assert.True(SpinWait.SpinUntil(() => Holds(captured, payload), Patience), "the datagram was not captured");
        byte[] capture = File.ReadAllBytes(captured);
        int at = capture.AsSpan().IndexOf(payload) - 8 - 20 - 18;
        Assert.Equal("8100000A0800", Convert.ToHexString(capture, at + 12, 6));

        // Of another VLAN first, then of the kernel's, in one file.
        string replayed = daemon.PathOf("in.pcap");
        await File.WriteAllBytesAsync(
            replayed, [.. PcapHeader, .. Record(Datagram(20, "not for you")), .. Record(Datagram(10, "for you"))],
            TestContext.Current.CancellationToken);
        using Socket receiver = _host.Socket(SocketType.Dgram);
        receiver.Bind(new IPEndPoint(IPAddress.Any, Port + 1));
        await daemon.Ptnet("switch", "attach", "vale0", $"pcap:{replayed},-", "--as", "play", "--trunk", "10,20");
        using var limit = new CancellationTokenSource(Patience);
        byte[] buffer = new byte[2048];
        int length = await receiver.ReceiveAsync(buffer, limit.Token);
        Assert.Equal("for you", Encoding.ASCII.GetString(buffer, 0, length));

        await Shown(daemon);
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    private static async Task Shown(RunningDaemon daemon)
    {
        string shown = await daemon.Ptnet("switch", "show", "vale0");
        Assert.Contains("access 10", shown, StringComparison.Ordinal);
        Assert.Contains("trunk 10,20-29", shown, StringComparison.Ordinal);
        await daemon.Ptnet("port", "add", "vale0:vm", "--trunk", "10,20", "--native", "30");
        JsonElement vlans = (await daemon.Json("port", "show", "vale0:vm")).GetProperty("vlans");
        Assert.Equal("""{"trunk":["10","20"],"native":30}""", vlans.GetRawText());
        PtnetResult refused = await daemon.Run("port", "add", "vale0:x", "--trunk", "10,4095");
        Assert.Contains("--trunk '4095' names no VLANs; expected numbers from 1 to 4094", refused.Errors,
            StringComparison.Ordinal);
    }

    // Little-endian, microseconds, Ethernet.
    private static byte[] PcapHeader =>
        [0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0, 1, 0, 0, 0];

    private static byte[] Record(byte[] frame) =>
        [.. new byte[8], .. BitConverter.GetBytes(frame.Length), .. BitConverter.GetBytes(frame.Length), .. frame];

    // A tagged broadcast from 10.9.0.2, without UDP's checksum.
    private static byte[] Datagram(byte vlan, string text)
    {
        byte[] payload = Encoding.ASCII.GetBytes(text);
        byte udpLength = (byte)(8 + payload.Length);
        byte[] ip = [0x45, 0, 0, (byte)(20 + udpLength), 0, 1, 0, 0, 64, 17, 0, 0, 10, 9, 0, 2, 255, 255, 255, 255];
        int sum = Enumerable.Range(0, 10).Sum(i => (ip[2 * i] << 8) | ip[(2 * i) + 1]);
        sum = ~((sum & 0xFFFF) + (sum >> 16));
        (ip[10], ip[11]) = ((byte)(sum >> 8), (byte)sum);
        return
        [
            255, 255, 255, 255, 255, 255, 2, 0, 0, 0, 0, 2, 0x81, 0, 0, vlan, 8, 0, .. ip,
            0x12, 0x34, (Port + 1) >> 8, (Port + 1) & 0xFF, 0, udpLength, 0, 0, .. payload,
        ];
    }

    private static bool Holds(string file, byte[] bytes) =>
        File.Exists(file) && File.ReadAllBytes(file).AsSpan().IndexOf(bytes) >= 0;
}
