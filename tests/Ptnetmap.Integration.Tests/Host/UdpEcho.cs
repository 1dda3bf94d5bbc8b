using System.Net;
using System.Net.Sockets;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>Numbered datagrams from one kernel to another and back, each compared.</summary>
internal static class UdpEcho
{
    internal const int Datagrams = 300;

    private const int Port = 7778;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    // UDP without checksums: a veth leaves them for hardware that is not there, and what XDP sees has none.
    internal static async Task Run(KernelHost from, KernelHost to, string address)
    {
        using Socket server = Plain(to.Socket(SocketType.Dgram));
        using Socket client = Plain(from.Socket(SocketType.Dgram));
        server.Bind(new IPEndPoint(IPAddress.Parse(address), Port));
        await client.ConnectAsync(IPAddress.Parse(address), Port);
        using var limit = new CancellationTokenSource(Patience);
        byte[] buffer = new byte[2048];
        for (int i = 0; i < Datagrams; i++)
        {
            byte[] datagram = [(byte)i, (byte)(i >> 8), .. new byte[i * 4]];
            await client.SendAsync(datagram, limit.Token);
            SocketReceiveFromResult asked =
                await server.ReceiveFromAsync(buffer, new IPEndPoint(IPAddress.Any, 0), limit.Token);
            await server.SendToAsync(buffer.AsMemory(0, asked.ReceivedBytes), asked.RemoteEndPoint, limit.Token);
            int got = await client.ReceiveAsync(buffer, limit.Token);
            Assert.Equal(datagram, buffer[..got]);
        }
    }

    private static Socket Plain(Socket socket)
    {
        const int SolSocket = 1;
        const int NoChecksum = 11;
        socket.SetRawSocketOption(SolSocket, NoChecksum, BitConverter.GetBytes(1));
        return socket;
    }
}
