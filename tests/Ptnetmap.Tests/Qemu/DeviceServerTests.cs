using System.Runtime.InteropServices;
using System.Text;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Protocol;
using Ptnetmap.Qemu.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>The device thread with real sockets.</summary>
public sealed class DeviceServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly QemuBed _bed = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-");
    private readonly DeviceServer _server;

    public DeviceServerTests() => _server = new DeviceServer(_folder.FullName);

    public void Dispose()
    {
        _server.Dispose();
        _bed.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Devices_are_served_side_by_side_and_again_when_the_client_has_gone()
    {
        string[] paths = [_server.Add(_bed.Memdev), _server.Add(_bed.Ptnet)];
        for (int i = 0; i < 3; i++)
        {
            using UnixSocket memdev = UnixSocket.Connect(paths[0]);
            using UnixSocket ptnet = UnixSocket.Connect(paths[1]);
            Assert.True(Negotiate(memdev) && Negotiate(ptnet));
        }
    }

    [Fact]
    public void A_second_client_is_turned_away_and_the_first_one_stays()
    {
        string path = _server.Add(_bed.Ptnet);
        using UnixSocket first = UnixSocket.Connect(path);
        Assert.True(Negotiate(first));
        using UnixSocket second = UnixSocket.Connect(path);
        Assert.False(Negotiate(second));
        bool connected = false;
        _server.Invoke(() => connected = _bed.Ptnet.IsConnected);
        Assert.True(connected);
    }

    [Fact]
    public void A_device_that_is_removed_cuts_its_client_off_and_its_socket_is_gone()
    {
        string path = _server.Add(_bed.Ptnet);
        using UnixSocket client = UnixSocket.Connect(path);
        Assert.True(Negotiate(client));
        _server.Remove(_bed.Ptnet);
        Assert.False(File.Exists(path));
        Assert.False(_bed.Ptnet.IsConnected);
        Assert.Equal(0, client.TryReceive(new byte[1], []));
        Assert.Equal(path, _server.Add(_bed.Ptnet));
    }

    [Fact]
    public void A_socket_that_cannot_be_made_is_told_to_the_caller()
    {
        using var device = new MemdevDevice(new string('x', 120), _bed.Region);
        Assert.Throws<LinuxException>(() => _server.Add(device));
        _ = _server.Add(_bed.Memdev);
        Assert.Throws<LinuxException>(() => _server.Add(_bed.Memdev));
    }

    private static bool Negotiate(UnixSocket socket)
    {
        byte[] text = Encoding.ASCII.GetBytes(HandClient.QemuCapabilities + "\0");
        var header = new MessageHeader { Command = Command.Version, MessageSize = (uint)(16 + 4 + text.Length) };
        try
        {
            _ = socket.TrySend(HandClient.Bytes(header, [0, 0, 0, 0, .. text]));
        }
        catch (LinuxException)
        {
            return false;
        }

        Assert.Equal(0, Poll.WaitAny([socket.Descriptor.Number], Patience));
        byte[] reply = new byte[1024];
        int count = socket.TryReceive(reply, []);
        return count >= 16 && MemoryMarshal.Read<MessageHeader>(reply).Flags == MessageFlags.Reply;
    }
}
