using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Service;
using Ptnetmap.Daemon.Transports;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A device thread that hangs, and the port's name afterwards.</summary>
public sealed class StuckDeviceTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryFolder _folder = new();
    private readonly LogLines _log = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_port_whose_device_hangs_is_removed_told_once_and_its_name_can_be_used_again()
    {
        using ILoggerFactory logs = LoggerFactory.Create(logging => logging.AddProvider(_log));
        var settings = new PortSettings { Name = "vale0:a", Slots = 64 };
        DaemonHost host = await DaemonHost.Start(
            new DaemonSettings { Workers = 1, Ports = [settings] }, _folder["run"], [new ShortFactory(_log)], logs);
        using var inside = new ManualResetEventSlim();
        using var over = new ManualResetEventSlim();
        Action usual = host.Inventory.GuestChanged;
        host.Inventory.GuestChanged = () =>
        {
            inside.Set();
            over.Wait(Patience);
        };
        string socket = host.Inventory.FindPort("vale0:a").Transport.Endpoint!;
        Task connecting = Task.Factory.StartNew(
            () => Record.Exception(() => new SocketClient(socket).Dispose()),
            TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Assert.True(inside.Wait(Patience, TestContext.Current.CancellationToken));
        host.Inventory.GuestChanged = usual;

        host.Inventory.RemovePort("vale0:a");
        Assert.Single(_log.With("port vale0:a: its device thread hangs"));
        Assert.False(File.Exists(socket));
        host.Inventory.AddPort(settings);
        Assert.Equal(socket, host.Inventory.FindPort("vale0:a").Transport.Endpoint);

        // The one that comes back leaves the new one's socket alone.
        over.Set();
        await connecting.WaitAsync(Patience, TestContext.Current.CancellationToken);
        using (var client = new SocketClient(socket))
        {
            Assert.Equal(0u, client.StartPort());
        }

        Assert.True(File.Exists(socket));
        await host.DisposeAsync();
    }

    private sealed class ShortFactory(ILogger log) : ITransportFactory
    {
        public string Kind => QemuTransport.Name;

        public IPortTransport Create(TransportContext context) =>
            new QemuTransport(context, new ClientObserver(log), TimeSpan.FromMilliseconds(200));

        public void Dispose()
        {
            // Each has its own.
        }
    }
}
