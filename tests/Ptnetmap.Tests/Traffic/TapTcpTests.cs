using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Ports.Switching;
using Ptnetmap.Tests.Linux.Net;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Tests.Traffic;

/// <summary>Two network stacks of the real kernel, each behind a TAP interface and a port of one switch, with and
/// without the virtio-net header: a TCP stream goes both ways and arrives as it was sent.</summary>
public sealed class TapTcpTests
{
    private const int Megabytes = 32;
    private const int Port = 5201;

    // Its length has no factor in common with those of blocks and segments.
    private static readonly byte[] Pattern = [.. Enumerable.Range(0, 1_000_003).Select(i => (byte)((i * 167) >> 5))];

    [Theory]
    [InlineData(12, 12, true)]
    [InlineData(12, 12, false)]
    [InlineData(12, 0, true)]
    [InlineData(12, 0, false)]
    [InlineData(0, 12, true)]
    [InlineData(0, 0, true)]
    public void A_stream_arrives_as_it_was_sent(int clientHeader, int serverHeader, bool v4) => OwnNetwork.Run(() =>
    {
        var quiescence = new Quiescence();
        var vale = ValeSwitch.Create("vale0");
        using var workers = new WorkerPool(1);
        using var server = new SwitchedKernel(vale, 1, serverHeader, workers, quiescence);
        using Socket listener = SwitchedKernel.NewSocket(v4);
        listener.Bind(new IPEndPoint(SwitchedKernel.Address(1, v4), Port));
        listener.Listen();
        OwnNetwork.Run(() =>
        {
            using var client = new SwitchedKernel(vale, 2, clientHeader, workers, quiescence);
            using Socket near = SwitchedKernel.NewSocket(v4);
            near.Connect(new IPEndPoint(SwitchedKernel.Address(1, v4), Port));
            using Socket far = listener.Accept();
            far.ReceiveTimeout = far.SendTimeout = near.SendTimeout;
            Transfer(near, far, client, server);
            Transfer(far, near, server, client);
            Assert.Equal(0, SwitchedKernel.TcpChecksumErrors());
            Check(client);
        });
        Assert.Equal(0, SwitchedKernel.TcpChecksumErrors());
        Check(server);
    });

    private static void Check(SwitchedKernel kernel)
    {
        RingCounters sent = kernel.Port.TxRings[0].Counters;
        Assert.Equal((0, 0), (kernel.Writer.Refused, kernel.TooLong));
        Assert.Equal((0, 0), (sent.Drops.Of(DropReason.BadOffload), sent.Drops.Of(DropReason.Oversize)));
    }

    private static void Transfer(Socket from, Socket to, SwitchedKernel sending, SwitchedKernel receiving)
    {
        GuestCounters before = sending.Sent;
        long start = Stopwatch.GetTimestamp();
        Exception? failure = null;
        var sender = new Thread(() => failure = Record.Exception(() => Send(from)));
        sender.Start();
        long received = Receive(to);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        sender.Join();
        Assert.Null(failure);
        Assert.Equal((long)Megabytes << 20, received);

        // With the header the kernel hands over more at once than a frame on the wire has.
        GuestCounters after = sending.Sent;
        double mean = (double)(after.Bytes - before.Bytes) / (after.Packets - before.Packets);
        Assert.Equal(sending.Port.VnetHeaderLength != 0, mean > 1514);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"header {sending.Port.VnetHeaderLength} to " +
            $"{receiving.Port.VnetHeaderLength}: {Megabytes} MiB in {seconds:f3} s, " +
            $"{received * 8 / seconds / 1e9:f2} Gbit/s, {mean:f0} bytes a packet");
    }

    private static void Send(Socket socket)
    {
        for (long sent = 0; sent < (long)Megabytes << 20;)
        {
            int offset = (int)(sent % Pattern.Length);
            int length = (int)Math.Min(Math.Min(256 * 1024, Pattern.Length - offset), ((long)Megabytes << 20) - sent);
            sent += socket.Send(Pattern.AsSpan(offset, length));
        }
    }

    private static long Receive(Socket socket)
    {
        var buffer = new byte[256 * 1024];
        long received = 0;
        while (received < (long)Megabytes << 20)
        {
            int length = socket.Receive(buffer);
            Assert.NotEqual(0, length);
            for (int done = 0; done < length;)
            {
                int offset = (int)((received + done) % Pattern.Length);
                int run = Math.Min(length - done, Pattern.Length - offset);
                Assert.True(buffer.AsSpan(done, run).SequenceEqual(Pattern.AsSpan(offset, run)),
                    $"damaged near byte {received + done}");
                done += run;
            }

            received += length;
        }

        return received;
    }
}
