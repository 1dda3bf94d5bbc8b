using System.Collections.Concurrent;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Devices;
using Ptnetmap.Qemu.Serving;
using Ptnetmap.Tests.Daemon;
using Ptnetmap.Transports.Serving;

namespace Ptnetmap.Tests.Qemu;

/// <summary>The device thread when the process has no descriptor left, and when a device fails: one client waits or is
/// cut off, the others are served.</summary>
public sealed class DeviceFaultTests : IDisposable
{
    private const int TooManyOpenFiles = 24;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private readonly QemuBed _bed = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("ptnet-");
    private readonly HandClock _clock = new();
    private readonly Teller _teller = new();
    private readonly DeviceServer _server;
    private volatile bool _starved;
    private volatile int _tries;

    public DeviceFaultTests() => _server = new DeviceServer(
        _folder.FullName, _teller, new SocketServer("ptnet-devices", "device", _teller, _clock, listener =>
        {
            _tries++;
            return _starved ? throw new LinuxException("accept4", TooManyOpenFiles) : listener.TryAccept();
        }));

    public void Dispose()
    {
        _server.Dispose();
        _bed.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public void Without_a_descriptor_the_door_is_left_alone_for_a_while_and_others_are_served()
    {
        string ptnet = _server.Add(_bed.Ptnet);
        using var other = new SocketClient(_server.Add(_bed.Memdev));
        _starved = true;
        int before = _tries;
        using var waiting = UnixSocket.Connect(ptnet);
        Assert.True(SpinWait.SpinUntil(() => _teller.Told("starved") == 1, Patience));

        // The client still waits at the door, and the clock stands still: no other try, however often the thread runs.
        for (int i = 0; i < 20; i++)
        {
            _ = other.Read(0);
            _server.Invoke(() => { });
        }

        Assert.Equal((before + 1, 1, 0), (_tries, _teller.Told("starved"), _teller.Told("fed")));

        // Another pause, as nothing is better; then it is.
        TryAgain();
        Assert.Equal((before + 2, 1, 0), (_tries, _teller.Told("starved"), _teller.Told("fed")));
        _starved = false;
        TryAgain();
        Assert.True(SpinWait.SpinUntil(() => _teller.Told("fed") == 1 && _bed.Ptnet.IsConnected, Patience));
        waiting.Dispose();
        Assert.True(SpinWait.SpinUntil(() => !_bed.Ptnet.IsConnected, Patience));

        // The door is watched again.
        using var next = new SocketClient(ptnet);
        Assert.Equal(1, _teller.Told("starved"));
    }

    [Fact]
    public void A_device_that_is_taken_away_while_its_door_is_left_alone_is_gone()
    {
        string ptnet = _server.Add(_bed.Ptnet);
        _starved = true;
        using var waiting = UnixSocket.Connect(ptnet);
        Assert.True(SpinWait.SpinUntil(() => _teller.Told("starved") == 1, Patience));
        _server.Remove(_bed.Ptnet);
        TryAgain();
        Assert.False(File.Exists(ptnet));
        _starved = false;
        using var client = new SocketClient(_server.Add(_bed.Ptnet));
        Assert.Equal(0u, client.StartPort());
    }

    [Fact]
    public void What_goes_wrong_while_one_client_is_served_costs_that_client_only()
    {
        using var bad = new BadDevice();
        using var client = new SocketClient(_server.Add(_bed.Ptnet));
        string path = _server.Add(bad);
        for (int i = 0; i < 2; i++)
        {
            using var victim = new SocketClient(path);
            Assert.ThrowsAny<Exception>(() => victim.Read(0));
            Assert.True(SpinWait.SpinUntil(() => !bad.IsConnected, Patience));
        }

        Assert.Equal(2, _teller.Told("what a failure"));
        Assert.Equal(0u, client.StartPort());
    }

    private void TryAgain()
    {
        _clock.Advance(Pause);

        // Between two wake-ups lies a whole look at the doors; one that is under way may have seen the clock as it was.
        long before = _server.WakeUps;
        while (_server.WakeUps < before + 2)
        {
            _server.Invoke(() => { });
        }
    }

    private sealed class BadDevice : PciDevice
    {
        internal BadDevice() : base("bad", 1, 0) => SetBar(0, new RegisterRegion(4096, new BadRegisters()), 0);
    }

    private sealed class BadRegisters : IRegisters
    {
        public uint ReadRegister(uint offset) => throw new InvalidOperationException("what a failure");

        public void WriteRegister(uint offset, uint value) => throw new InvalidOperationException("what a failure");
    }

    private sealed class Teller : ISessionObserver
    {
        private readonly ConcurrentQueue<string> _lines = new();

        public void Connected(IServed served)
        {
        }

        public void Disconnected(IServed served, string reason)
        {
        }

        public void Refused(IServed served, string what) => _lines.Enqueue(what);

        public void Starved(IServed served, string reason) => _lines.Enqueue("starved");

        public void Fed(IServed served) => _lines.Enqueue("fed");

        internal int Told(string what) => _lines.Count(line => line.Contains(what, StringComparison.Ordinal));
    }
}
