using System.Net;
using System.Net.Sockets;
using Ptnetmap.Client;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.HostPorts;
using Ptnetmap.HostPorts.Nic;
using Ptnetmap.Linux.Net;
using Ptnetmap.Ports.Offloads;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Checksums that the kernel at the other end of a veth leaves to its device: two kernels speak over a NIC
/// port and a switch, and a guest sees what the port makes of a frame.</summary>
public class ChecksumTests
{
    private const int Port = 7006;
    private const int Datagrams = 100;
    private const int StreamBytes = 1 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly IPAddress Remote = IPAddress.Parse("10.9.0.1");
    private static readonly IPAddress Local = IPAddress.Parse("10.9.0.3");

    [Theory]
    [InlineData(NicMode.Copy, null, 1, 0)]
    [InlineData(NicMode.Generic, null, 1, 0)]
    [InlineData(NicMode.Copy, true, 1, 0)]
    [InlineData(NicMode.Copy, false, 0, 1)]
    public void A_guest_gets_a_datagram_with_its_checksum_unless_told_otherwise(
        NicMode mode, bool? completes, long byPort, long leftOpen)
    {
        Needs.Xdp();
        using var bed =
            new VethBed(slots: 64, options: usual => usual with { Wanted = mode, CompletesChecksums = completes });
        bed.Supervisor.Remove(bed.LeftLink);
        NetmapPort right = bed.Attach(bed.Right);
        VethBed.AwaitBuffers(bed.Right);
        bed.Veth.AddAddresses();
        using UdpClient sender = bed.Veth.LeftSpace.Run(() => new UdpClient { EnableBroadcast = true });
        _ = sender.Send(new byte[100], new IPEndPoint(IPAddress.Parse("10.9.0.255"), Port));
        byte[] frame = Assert.Single(VethBed.Receive(right, 1));
        var checksums = new ReceivedChecksums();
        checksums.Look(frame);
        Assert.Equal((leftOpen, 0), (checksums.Completed, checksums.Wrong));
        Assert.Equal((byPort, 0), (bed.Right.CompletedChecksums, bed.Right.WrongChecksums));
    }

    [Fact]
    public async Task Kernels_speak_UDP_and_TCP_over_a_switch_whose_uplink_is_a_veth()
    {
        Needs.Xdp();
        if (!File.Exists("/dev/net/tun"))
        {
            Assert.Skip("/dev/net/tun is not there");
        }

        using var veth = new VethPair();
        using var space = NetworkNamespace.Create();
        await using DaemonBed daemon = await DaemonBed.Start();
        Connect(daemon, "netmap:right", new HostSettings { Netns = PathOf(veth.RightSpace) });
        Connect(daemon, "tap:t0", new HostSettings { Netns = PathOf(space) });
        veth.LeftLinks.AddAddress(veth.Left, Remote, 24);
        space.Run(() =>
        {
            using var links = new Links();
            links.AddAddress(links.TryGet("t0")!.Index, Local, 24);
        });

        using Socket remote = veth.LeftSpace.Run(() => NewSocket(SocketType.Dgram));
        using Socket local = space.Run(() => NewSocket(SocketType.Dgram));
        remote.Bind(new IPEndPoint(Remote, Port));
        local.Bind(new IPEndPoint(Local, Port));
        Speak(remote, local, Local);
        Speak(local, remote, Remote);

        using Socket listener = space.Run(() => NewSocket(SocketType.Stream));
        using Socket near = veth.LeftSpace.Run(() => NewSocket(SocketType.Stream));
        listener.Bind(new IPEndPoint(Local, Port));
        listener.Listen();
        near.Connect(new IPEndPoint(Local, Port));
        using Socket far = listener.Accept();
        far.ReceiveTimeout = (int)Patience.TotalMilliseconds;
        Stream(near, far);
        Stream(far, near);
        IReadOnlyDictionary<string, long> counters =
            ((IHostPort)daemon.Inventory.FindPort("netmap:right").Port).Describe().Counters;
        Assert.True(counters["checksums_completed"] > Datagrams);
        Assert.Equal(0, counters["checksums_wrong"]);
    }

    private static string PathOf(NetworkNamespace space) => $"/proc/self/fd/{space.Descriptor.Number}";

    private static void Connect(DaemonBed daemon, string port, HostSettings host) => _ = daemon.Inventory.AddBridge(
        new BridgeSettings
        {
            Left = port,
            Right = $"vale0:{port.AsSpan(port.IndexOf(':') + 1)}",
            Slots = 256,
            Host = host,
        });

    private static Socket NewSocket(SocketType type) => new(AddressFamily.InterNetwork, type, ProtocolType.Unspecified)
    {
        ReceiveTimeout = (int)Patience.TotalMilliseconds,
        SendTimeout = (int)Patience.TotalMilliseconds,
    };

    // One at a time: none is lost for want of room.
    private static void Speak(Socket from, Socket to, IPAddress address)
    {
        byte[] buffer = new byte[2048];
        for (int i = 0; i < Datagrams; i++)
        {
            byte[] datagram = [(byte)i, .. new byte[i * 14]];
            _ = from.SendTo(datagram, new IPEndPoint(address, Port));
            Assert.Equal(datagram.Length, to.Receive(buffer));
            Assert.Equal(datagram, buffer[..datagram.Length]);
        }
    }

    private static void Stream(Socket from, Socket to)
    {
        byte[] sent = new byte[StreamBytes];
        new Random(7).NextBytes(sent);
        var sender = Task.Run(() => from.Send(sent), TestContext.Current.CancellationToken);
        byte[] received = new byte[sent.Length];
        for (int at = 0; at < received.Length;)
        {
            int count = to.Receive(received.AsSpan(at));
            Assert.NotEqual(0, count);
            at += count;
        }

        Assert.Equal(sent, received);
        sender.Wait(Patience, TestContext.Current.CancellationToken);
    }
}
