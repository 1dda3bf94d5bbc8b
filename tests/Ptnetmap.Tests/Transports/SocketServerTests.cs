using System.Collections.Concurrent;
using System.Text;
using Ptnetmap.Linux;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Transports;

/// <summary>A server of real sockets that knows nothing of what it serves.</summary>
public sealed class SocketServerTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-");
    private readonly EchoService _first = new("first");
    private readonly EchoService _second = new("second");
    private readonly Teller _teller = new();
    private readonly SocketServer _server;

    public SocketServerTests() => _server = new SocketServer("ptnet-echo", "echo", _teller);

    public void Dispose()
    {
        _server.Dispose();
        _first.Dispose();
        _second.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Whatever_is_spoken_is_served_with_its_descriptors()
    {
        using UnixSocket client = UnixSocket.Connect(Add(_first));
        using var file = new EventFd();
        Assert.Equal("one\n".Length, client.TrySend("one\n"u8, file.Descriptor));
        var received = new List<FileDescriptor>();
        Assert.Equal("one\n", Hear(client, received));
        Assert.Single(received).Dispose();
        Assert.True(SpinWait.SpinUntil(() => _server.Messages == 1, Patience));
    }

    [Fact]
    public void A_second_client_is_turned_away_and_told_of_by_the_name_of_what_is_served()
    {
        string path = Add(_first);
        using UnixSocket client = UnixSocket.Connect(path);
        Assert.Equal("one\n", Ask(client, "one\n"));
        using UnixSocket other = UnixSocket.Connect(path);
        Assert.Equal("", Hear(other, []));
        Assert.Equal("two\n", Ask(client, "two\n"));
        Assert.Equal("first: a second client: the echo has one already", Assert.Single(_teller.Lines));
    }

    [Fact]
    public void One_that_fails_is_cut_off_and_the_others_are_served()
    {
        using UnixSocket good = UnixSocket.Connect(Add(_second));
        string path = Add(_first);
        for (int i = 0; i < 2; i++)
        {
            using UnixSocket bad = UnixSocket.Connect(path);
            Assert.Equal("", Ask(bad, "fail\n"));
            Assert.Equal("one\n", Ask(good, "one\n"));
        }

        Assert.Equal(
            Enumerable.Repeat("first: its client is cut off, for the echo failed: what a failure", 2), _teller.Lines);
    }

    [Fact]
    public void What_is_served_is_called_when_it_asks_for_it_and_looked_after_while_it_has_a_client()
    {
        string path = Add(_first);
        _first.Attention!.Signal();
        Assert.True(SpinWait.SpinUntil(() => _first.TimesServed == 1, Patience));
        _server.LookAfter();
        _server.Invoke(() => { });
        Assert.Equal(0, _first.TimesLookedAfter);
        using UnixSocket client = UnixSocket.Connect(path);
        Assert.Equal("one\n", Ask(client, "one\n"));
        _server.LookAfter();
        _server.Invoke(() => { });
        Assert.Equal(1, _first.TimesLookedAfter);
    }

    [Fact]
    public void What_has_a_socket_gets_no_second_one_and_is_gone_with_it()
    {
        string path = Add(_first);
        string other = Path.Combine(_folder.FullName, "other");
        Assert.Throws<ArgumentException>(() => _server.Add(_first, other, _first.Open));
        Assert.False(File.Exists(other));
        using (UnixSocket client = UnixSocket.Connect(path))
        {
            Assert.Equal("one\n", Ask(client, "one\n"));
            _server.Remove(_first);
            Assert.Equal("", Hear(client, []));
        }

        Assert.Equal(["let go", "the echo was taken away"], _first.Last!.Events);
        Assert.False(File.Exists(path));
        _server.Add(_first, other, _first.Open);
    }

    private string Add(EchoService service)
    {
        string path = Path.Combine(_folder.FullName, service.Name);
        _server.Add(service, path, service.Open);
        return path;
    }

    private static string Ask(UnixSocket client, string line)
    {
        _ = client.TrySend(Encoding.ASCII.GetBytes(line));
        return Hear(client, []);
    }

    // What comes; nothing when the connection has ended.
    private static string Hear(UnixSocket client, List<FileDescriptor> descriptors)
    {
        byte[] buffer = new byte[64];
        Assert.Equal(0, Poll.WaitAny([client.Descriptor.Number], Patience));
        return Encoding.ASCII.GetString(buffer, 0, client.TryReceive(buffer, descriptors));
    }

    private sealed class Teller : ISessionObserver
    {
        internal ConcurrentQueue<string> Lines { get; } = new();

        public void Connected(IServed served)
        {
        }

        public void Disconnected(IServed served, string reason)
        {
        }

        public void Refused(IServed served, string what) => Lines.Enqueue($"{served.Name}: {what}");
    }
}
