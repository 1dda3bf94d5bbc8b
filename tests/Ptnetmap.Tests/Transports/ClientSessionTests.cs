using System.Text;
using CsCheck;
using Ptnetmap.Linux;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Transports;

/// <summary>A session of a protocol that has nothing to do with PCI, over a stream in memory.</summary>
public sealed class ClientSessionTests : IDisposable
{
    private readonly string _name = $"session-{Guid.NewGuid():n}";
    private readonly FileDescriptor _file;
    private readonly MemoryStreamPair _client;
    private readonly MemoryStreamPair _server;
    private readonly EchoProtocol _protocol = new();
    private readonly ClientSession _session;

    public ClientSessionTests()
    {
        _file = MemFd.CreateSealed(_name, 4096);
        (_client, _server) = MemoryStreamPair.Make();
        _session = new ClientSession(_server, _protocol);
    }

    public void Dispose()
    {
        _session.Dispose();
        _client.Dispose();
        _file.Dispose();
    }

    [Fact]
    public void However_a_stream_is_cut_its_messages_and_descriptors_are_the_same() =>
        Gen.Select(Gen.Int[0, 9].Array[1, 12], Gen.Int[1, 40].Array[1, 40]).Sample(
            input =>
            {
                (int[] lines, int[] cuts) = input;
                byte[] bytes = Encoding.ASCII.GetBytes(
                    string.Concat(lines.Select((length, i) => $"{i}{new string('x', length)}\n")));
                using var client = new Client();
                for (int at = 0, cut = 0; at < bytes.Length; cut++)
                {
                    int count = Math.Min(cuts[cut % cuts.Length], bytes.Length - at);
                    client.Say(bytes.AsSpan(at, count));
                    at += count;
                }

                return client.Protocol.Heard.SequenceEqual(
                    lines.Select((length, i) => $"{i}{new string('x', length)}:0"))
                    && Encoding.ASCII.GetString(bytes) == client.Hear();
            },
            iter: 200,
            threads: 1);

    [Fact]
    public void A_descriptor_is_its_messages_and_is_closed_when_nobody_took_it()
    {
        Assert.Equal(SessionState.Input, Say("one\ntw", _file));
        Assert.Equal(SessionState.Input, Say("o\nthree\n"));
        Assert.Equal(["one:0", "two:1", "three:0"], _protocol.Heard);
        Assert.Equal(1, Held());
        var received = new List<FileDescriptor>();
        _ = _client.TryReceive(new byte[64], received);
        Assert.Single(received).Dispose();
        Assert.Equal(0, Held());
    }

    [Fact]
    public void More_descriptors_than_a_message_may_have_end_it_before_it_is_whole()
    {
        Assert.Equal(SessionState.Input, Say("o", _file, _file));
        Assert.Equal(SessionState.Ended, Say("n", _file));
        Assert.Equal(["let go", "a message with 3 descriptors; 2 are taken"], _protocol.Events);
        Assert.Equal(0, Held());
    }

    [Fact]
    public void What_is_no_message_ends_it_after_those_before_it()
    {
        Assert.Equal(SessionState.Input, Say("one\n" + new string('x', 59)));
        Assert.Equal(SessionState.Ended, Say(new string('x', 5)));
        Assert.Equal(["one:0"], _protocol.Heard);
        Assert.Equal(["let go", "a line of more than 64 bytes"], _protocol.Events);
    }

    [Fact]
    public void A_client_that_breaks_the_protocol_is_cut_off()
    {
        Assert.Equal(SessionState.Ended, Say("one\nbye\ntwo\n"));
        Assert.Equal(["one:0"], _protocol.Heard);
        Assert.Equal(["let go", "it says bye"], _protocol.Events);
        Assert.True(_server.IsClosed);
    }

    [Fact]
    public void Replies_that_wait_keep_their_order_and_nothing_is_handled_meanwhile()
    {
        _client.Room = 4;
        Assert.Equal(SessionState.Output, Say("twice\nmore\n", _file));
        Assert.Equal(["twice:0"], _protocol.Heard);
        var heard = new StringBuilder();
        var received = new List<FileDescriptor>();
        byte[] buffer = new byte[3];
        while (_client.Waiting != 0)
        {
            heard.Append(Encoding.ASCII.GetString(buffer, 0, _client.TryReceive(buffer, received)));
            _ = _session.Pump();
        }

        Assert.Equal("twice\ntwice\nmore\n", heard.ToString());
        Assert.Equal(["twice:0", "more:1"], _protocol.Heard);
        Assert.Equal(SessionState.Input, _session.State);
        received.ForEach(descriptor => descriptor.Dispose());
    }

    [Fact]
    public void A_message_costs_no_garbage()
    {
        (UnixSocket near, UnixSocket far) = UnixSocket.Pair();
        using var session = new ClientSession(new SocketStream(far), new EchoProtocol());
        byte[] reply = new byte[64];
        var none = new List<FileDescriptor>();
        long allocated = 0;
        int received = 0;
        for (int i = 0; i < 200; i++)
        {
            // Whatever is made once is there by then.
            allocated = i == 100 ? GC.GetAllocatedBytesForCurrentThread() : allocated;
            _ = near.TrySend("quiet\n"u8);
            _ = session.Pump();
            received += near.TryReceive(reply, none);
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        near.Dispose();
        Assert.Equal((0, 200, 200 * 6), (allocated, session.Messages, received));
    }

    [Fact]
    public void The_stream_is_closed_even_when_what_is_served_does_not_let_go()
    {
        (MemoryStreamPair client, MemoryStreamPair server) = MemoryStreamPair.Make();
        var session = new ClientSession(server, new EchoProtocol { FailsToLetGo = true });
        Assert.Throws<InvalidOperationException>(session.Dispose);
        Assert.True(server.IsClosed);
        session.Dispose();
        client.Dispose();
    }

    private SessionState Say(string text, params ReadOnlySpan<FileDescriptor> descriptors)
    {
        _ = _client.TrySend(Encoding.ASCII.GetBytes(text), descriptors);
        SessionState state;
        do
        {
            state = _session.Pump();
        }
        while (state == SessionState.Input && _server.Waiting != 0);
        return state;
    }

    // Descriptors of the file in this process, but for our own one.
    private int Held() => Directory.GetFiles("/proc/self/fd")
        .Count(path => new FileInfo(path).LinkTarget?.Contains(_name, StringComparison.Ordinal) == true) - 1;

    private sealed class Client : IDisposable
    {
        private readonly MemoryStreamPair _near;
        private readonly ClientSession _session;

        internal Client()
        {
            (_near, MemoryStreamPair far) = MemoryStreamPair.Make();
            _session = new ClientSession(far, Protocol);
        }

        internal EchoProtocol Protocol { get; } = new();

        public void Dispose()
        {
            _session.Dispose();
            _near.Dispose();
        }

        internal void Say(ReadOnlySpan<byte> bytes)
        {
            _ = _near.TrySend(bytes);
            _ = _session.Pump();
        }

        internal string Hear()
        {
            byte[] all = new byte[_near.Waiting];
            return Encoding.ASCII.GetString(all, 0, Math.Max(0, _near.TryReceive(all, [])));
        }
    }
}
