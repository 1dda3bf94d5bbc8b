using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Ptnetmap.HostPorts.Tap;
using Ptnetmap.Linux;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Linux.Net;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>The kernel stack's side of an interface as a port. The interface is one end of a veth pair.</summary>
public sealed class HostStackTests
{
    private const int Arp = 0x0806;
    private const int Ip = 0x0800;

    [Fact]
    public void What_the_stack_sends_arrives_here_and_its_answers_to_what_is_sent_here_too() => OwnNetwork.Run(() =>
    {
        using var bed = Open();
        bed.Put(TapBed.Question);
        Assert.Equal(SyncStatus.Dry, bed.Send());
        byte[] answer = bed.AwaitFrame(Arp, out _);
        Assert.Equal(TapBed.OurMac, answer[..6]);
        Assert.Equal(TapBed.KernelMac, answer[6..12]);

        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        _ = socket.SendTo(new byte[100], new IPEndPoint(IPAddress.Parse("192.168.7.9"), 9));
        Assert.Equal(142, bed.AwaitFrame(Ip, out _).Length);
        Assert.Equal("host stack", bed.Port.Describe().Mode);
    });

    [Fact]
    public void The_interface_is_as_before_when_the_port_is_closed() => OwnNetwork.Run(() =>
    {
        Open().Dispose();
        AssertNothingIsLeft();
    });

    [Fact]
    public void An_interface_that_is_not_there_is_refused_and_nothing_is_left() => OwnNetwork.Run(() =>
    {
        var refusal = Assert.Throws<LinuxException>(() => new TapBed(Options("stk9")).Dispose());
        Assert.Contains("stk9", refusal.Message, StringComparison.Ordinal);
        AssertNothingIsLeft();
    });

    // A program that another test starts just now has our descriptors until it is itself.
    private static void AssertNothingIsLeft() => Assert.True(SpinWait.SpinUntil(
        () => !NetworkInterface.GetAllNetworkInterfaces()
            .Any(one => one.Name.StartsWith("ptnet", StringComparison.Ordinal)),
        TimeSpan.FromSeconds(60)));

    private static TapPortOptions Options(string name) => new() { Interface = "ptnet%d", Slots = 128, StackOf = name };

    private static TapBed Open()
    {
        OwnNetwork.Ip("link", "add", "stk0", "address", "02:00:00:00:00:02", "type", "veth", "peer", "name", "stk1");
        OwnNetwork.Ip("link", "set", "stk0", "up");
        OwnNetwork.Ip("link", "set", "stk1", "up");
        OwnNetwork.Ip("addr", "add", "192.168.7.1/24", "dev", "stk0");
        OwnNetwork.Ip("neigh", "replace", "192.168.7.9", "lladdr", "02:00:00:00:00:01", "dev", "stk0");
        return new TapBed(Options("stk0"));
    }
}
