using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Net;
using Ptnetmap.Traffic;

namespace Ptnetmap.Lab.Yardsticks;

/// <summary>What the kernel's own network takes for a round trip: a datagram from a thread in one network namespace to
/// one in another and back, over veth and a bridge. Both sleep in <c>recv</c>; the scheduler places them.</summary>
public sealed class UdpRoundTrips : IDisposable
{
    // Ethernet, IPv4 and UDP.
    private const int Headers = 14 + 20 + 8;
    private const int Port = 7;
    private const int LongestPayload = 1472;
    private const int PatienceMilliseconds = 1000;
    private const int MostLost = 30;

    private readonly BridgedPair _pair;
    private readonly Socket _near;
    private readonly Socket _far;
    private readonly Thread _echo;
    private readonly byte[] _datagram;
    private readonly byte[] _answer;
    private long _number;

    /// <summary>Makes the network and starts the side that answers.</summary>
    /// <param name="frame">Bytes of a frame, without Ethernet's checksum; at most what the MTU lets through.</param>
    /// <exception cref="LinuxException">The kernel refused: only root may make namespaces.</exception>
    public UdpRoundTrips(int frame)
    {
        _datagram = new byte[Math.Clamp(frame - Headers, sizeof(long), LongestPayload)];
        _answer = new byte[_datagram.Length];
        _pair = new BridgedPair();
        _near = Open(_pair.Left, BridgedPair.LeftAddress, BridgedPair.RightAddress);
        _far = Open(_pair.Right, BridgedPair.RightAddress, BridgedPair.LeftAddress);
        _near.ReceiveTimeout = PatienceMilliseconds;
        _echo = LinuxThread.Start(new Thread(Echo) { Name = "udp-echo", IsBackground = true });
    }

    /// <summary>Sends a datagram, waits until it is back, and so on.</summary>
    /// <param name="warmUp">So long before anything counts.</param>
    /// <param name="window">What counts.</param>
    /// <exception cref="LinuxException">Answers stay away.</exception>
    public LatencySummary Measure(TimeSpan warmUp, TimeSpan window)
    {
        _ = Exchange(warmUp);
        return LatencySummary.Of(Exchange(window))!;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing in it: the other side ends.
        _ = _near.Send(ReadOnlySpan<byte>.Empty);
        _echo.Join();
        _near.Dispose();
        _far.Dispose();
        _pair.Dispose();
    }

    private static Socket Open(NetworkNamespace space, IPAddress own, IPAddress other) => space.Run(() =>
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(own, Port));
        socket.Connect(new IPEndPoint(other, Port));
        return socket;
    });

    private LatencyHistogram Exchange(TimeSpan time)
    {
        var times = new LatencyHistogram();
        long begin = LinuxThread.MonotonicNanoseconds;
        long sent = begin;
        int lost = 0;
        do
        {
            BinaryPrimitives.WriteInt64LittleEndian(_datagram, ++_number);
            _ = _near.Send(_datagram);
            if (IsAnswered())
            {
                long now = LinuxThread.MonotonicNanoseconds;
                times.Record(now - sent);
                sent = now;
                continue;
            }

            sent = LinuxThread.MonotonicNanoseconds;
            if (++lost == MostLost)
            {
                throw new LinuxException($"{MostLost} datagrams over veth and a bridge were not answered; a firewall " +
                    "between bridge ports (br_netfilter) may drop them");
            }
        }
        while (sent - begin < time.TotalNanoseconds || times.Count == 0);
        return times;
    }

    // Passes over answers that come after their time.
    private bool IsAnswered()
    {
        try
        {
            do
            {
                _ = _near.Receive(_answer);
            }
            while (BinaryPrimitives.ReadInt64LittleEndian(_answer) != _number);
            return true;
        }
        catch (SocketException late) when (late.SocketErrorCode == SocketError.TimedOut)
        {
            return false;
        }
    }

    private void Echo()
    {
        byte[] datagram = new byte[LongestPayload];
        while (true)
        {
            int length = _far.Receive(datagram);
            if (length == 0)
            {
                return;
            }

            _ = _far.Send(datagram.AsSpan(0, length));
        }
    }
}
