using System.Net.Sockets;
using System.Text.Json;
using Ptnetmap.Daemon.Observing;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Linux;
using Ptnetmap.Qemu.Protocol;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Ports as devices, with a client that is not QEMU but speaks as it does.</summary>
public class QemuTransportTests
{
    private const string Port = "/v1/ports/vale0:a";
    private const uint Busy = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("io", 1)]
    [InlineData("memory", 0)]
    public async Task A_port_waits_at_two_sockets_and_says_how_far_its_guest_has_come(string bar, byte kindBit)
    {
        await using DaemonBed bed = await Start(bar);
        JsonElement port = await bed.Get(Port);
        Assert.Equal(("waiting", "no QEMU is connected"), (Text(port, "state"), Text(port, "note")));
        JsonElement device = port.GetProperty("device");
        Assert.Equal(
            (Path.Combine(bed.RunDirectory, "vale0=a.sock"), Path.Combine(bed.RunDirectory, "vale0=a.mem.sock")),
            (Text(device, "socket"), Text(device, "memory_socket")));
        Assert.Equal(Text(device, "socket"), Text(port, "endpoint"));

        using var memory = new SocketClient(Text(device, "memory_socket"));
        using var client = new SocketClient(Text(device, "socket"));
        (_, byte[] bar0) = client.Call(
            Command.RegionRead, Qemu.HandClient.Bytes(new RegionAccess { Region = 7, Offset = 0x10, Count = 4 }));
        Assert.Equal(kindBit, bar0[RegionAccess.Size]);
        Assert.Equal("waiting", Text(await bed.Get(Port), "state"));
        Assert.Contains("driver has not started", Text(await bed.Get(Port), "note"), StringComparison.Ordinal);

        Assert.Equal(0u, client.StartPort());
        Assert.Equal(0u, client.Write(128, 1));
        port = await bed.Get(Port);
        device = port.GetProperty("device");
        Assert.Equal("attached", Text(port, "state"));
        Assert.Equal(("bar", "none", 1, 0), (
            Text(device, "csb"), Text(device, "interrupts"), device.GetProperty("kicks")
                .GetInt32(), device.GetProperty("refusals").GetInt32()));
        Assert.True(device.GetProperty("connected").GetBoolean()
            && device.GetProperty("memory_connected").GetBoolean());
        Assert.NotEmpty(bed.Log.With("port vale0:a: guest attached (qemu)"));
        string metrics = await bed.Http.GetStringAsync("/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("\nptnet_device_connected{port=\"vale0:a\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nptnet_device_kicks_total{port=\"vale0:a\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\nptnet_port_guest{port=\"vale0:a\"} 1\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_guest_is_kept_away_and_let_in_again_and_a_client_that_goes_can_come_back()
    {
        await using DaemonBed bed = await Start();
        ServedPort port = bed.Inventory.FindPort("vale0:a");
        for (int i = 0; i < 2; i++)
        {
            using var client = new SocketClient(port.Transport.Endpoint!);
            Assert.Equal(0u, client.StartPort());
            (_, JsonElement shown) = await bed.Post(Port + "/detach");
            Assert.Equal("detached", Text(shown, "state"));
            Assert.False(port.HasGuest);
            Assert.Equal(Busy, client.StartPort());
            (_, shown) = await bed.Post(Port + "/attach");
            Assert.Equal("waiting", Text(shown, "state"));
            Assert.Equal(0u, client.StartPort());
            _ = await bed.Post(Port + "/detach");
            (_, shown) = await bed.Post(Port + "/attach");
            Assert.Equal("attached", Text(shown, "state"));
            client.Dispose();
            Assert.True(SpinWait.SpinUntil(() => port.Transport.State == TransportState.Waiting, Patience));
            Assert.False(port.HasGuest);
        }

        Assert.NotEmpty(bed.Log.With("the client of its ptnet device is gone"));
    }

    [Fact]
    public async Task A_thread_takes_the_place_of_a_device_only_when_no_client_has_it()
    {
        await using DaemonBed bed = await Start();
        string socket = bed.Inventory.FindPort("vale0:a").Transport.Endpoint!;
        using (new SocketClient(socket))
        {
            (int refused, JsonElement problem) = await bed.Post(Port + "/attach", """{"program":"receive"}""");
            Assert.Equal(409, refused);
            Assert.Contains("end its VM", Text(problem, "detail"), StringComparison.Ordinal);
        }

        Assert.True(
            SpinWait.SpinUntil(() => !bed.Inventory.FindPort("vale0:a").Transport.Device!.Value.IsConnected, Patience));
        Assert.Equal(200, (await bed.Post(Port + "/attach", """{"program":"receive"}""")).Status);
        Assert.False(File.Exists(socket));
    }

    [Fact]
    public async Task What_a_client_is_refused_is_counted_and_named_with_its_port_but_not_again_and_again()
    {
        await using DaemonBed bed = await Start();
        using var client = new SocketClient(bed.Inventory.FindPort("vale0:a").Transport.Endpoint!);

        for (int i = 0; i < 50; i++)
        {
            Assert.NotEqual(0u, client.Call((Command)77, []).Errno);
        }

        string[] lines = [.. bed.Log.With("refused to the client of its ptnet device")];
        Assert.Equal(5, lines.Length);
        Assert.Contains("Warning: port vale0:a: ", lines[0], StringComparison.Ordinal);
        Assert.Contains("unknown command 77", lines[0], StringComparison.Ordinal);
        Assert.Equal(50, (await bed.Get(Port)).GetProperty("device").GetProperty("refusals").GetInt32());
    }

    [Fact]
    public async Task A_client_that_says_nothing_sensible_is_cut_off_and_the_next_one_is_served()
    {
        await using DaemonBed bed = await Start();
        string socket = bed.Inventory.FindPort("vale0:a").Transport.Endpoint!;
        using (UnixSocket stranger = UnixSocket.Connect(socket))
        {
            _ = stranger.TrySend(new byte[64]);
            Assert.Equal(0, Poll.WaitAny([stranger.Descriptor.Number], Patience));
        }

        using var client = new SocketClient(socket);
        Assert.Equal(0u, client.StartPort());
        Assert.NotEmpty(bed.Log.With("port vale0:a: the client of its ptnet device is gone"));
    }

    [Fact]
    public async Task A_port_that_is_removed_and_a_daemon_that_stops_let_go_of_their_clients()
    {
        string directory;
        await using (DaemonBed bed = await Start())
        {
            directory = bed.RunDirectory;
            _ = await bed.Post("/v1/ports", """{"name":"vale0:b","slots":64}""");
            using var gone = new SocketClient(bed.Inventory.FindPort("vale0:b").Transport.Endpoint!);
            Assert.Equal(0u, gone.StartPort());
            Assert.Equal(204, (await bed.Send(HttpMethod.Delete, "/v1/ports/vale0:b")).Status);
            Assert.False(File.Exists(Path.Combine(directory, "vale0=b.sock")));
            Assert.False(File.Exists(Path.Combine(directory, "vale0=b.mem.sock")));

            using var stays = new SocketClient(bed.Inventory.FindPort("vale0:a").Transport.Endpoint!);
            Assert.Equal(0u, stays.StartPort());
        }

        Assert.False(Directory.Exists(directory));
    }

    [Fact]
    public async Task A_client_that_gave_its_device_up_is_shown_as_lost_until_the_next_one_comes()
    {
        await using DaemonBed bed = await Start();
        ServedPort port = bed.Inventory.FindPort("vale0:a");
        string path = port.Transport.Endpoint!;
        using (var client = new SocketClient(path))
        {
            Assert.Equal(0u, client.StartPort());

            // As QEMU does when it has waited too long: it reads no more, and closes nothing.
            using var qemu = new Socket(new SafeSocketHandle(client.Duplicate(), ownsHandle: true));
            qemu.Shutdown(SocketShutdown.Receive);
            port.Transport.LookAfter();
            Assert.True(SpinWait.SpinUntil(() => port.Transport.State == TransportState.Lost, Patience));
        }

        Assert.False(port.HasGuest);
        JsonElement shown = await bed.Get(Port);
        Assert.Equal("lost", Text(shown, "state"));
        Assert.Contains("start it anew", Text(shown, "note"), StringComparison.Ordinal);
        Assert.True(SpinWait.SpinUntil(() => bed.Log.With("the client of its ptnet device is lost").Any(), Patience));
        using var next = new SocketClient(path);
        Assert.Equal("waiting", Text(await bed.Get(Port), "state"));
        Assert.Equal(0u, next.StartPort());
        Assert.Equal("attached", Text(await bed.Get(Port), "state"));
    }

    [Fact]
    public async Task A_driver_that_was_refused_while_the_port_was_detached_is_not_said_to_have_done_nothing()
    {
        await using DaemonBed bed = await Start();
        using var client = new SocketClient(bed.Inventory.FindPort("vale0:a").Transport.Endpoint!);
        _ = await bed.Post(Port + "/detach");
        Assert.Equal(Busy, client.StartPort());
        (_, JsonElement shown) = await bed.Post(Port + "/attach");
        Assert.Contains("refused while the port was detached", Text(shown, "note"), StringComparison.Ordinal);
        Assert.Equal(0u, client.StartPort());
        _ = client.Write(4, 2);
        Assert.Contains("driver has not started", Text(await bed.Get(Port), "note"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_one_port_is_being_started_another_ones_device_answers()
    {
        await using DaemonBed bed = await Start();
        Assert.Equal(201, (await bed.Post("/v1/ports", """{"name":"vale1:b","slots":64}""")).Status);
        using var slow = new SocketClient(bed.Inventory.FindPort("vale0:a").Transport.Endpoint!);
        using var other = new SocketClient(bed.Inventory.FindPort("vale1:b").Transport.Endpoint!);
        using var inside = new ManualResetEventSlim();
        using var over = new ManualResetEventSlim();
        Action usual = bed.Inventory.GuestChanged;
        bed.Inventory.GuestChanged = () =>
        {
            inside.Set();
            over.Wait(Patience);
        };
        Task<uint> started = Task.Run(slow.StartPort, TestContext.Current.CancellationToken);
        Assert.True(inside.Wait(Patience, TestContext.Current.CancellationToken));
        Assert.Equal(1u, other.Read(28));
        Assert.False(over.IsSet || started.IsCompleted);
        bed.Inventory.GuestChanged = usual;
        over.Set();
        Assert.Equal(0u, await started);
    }

    [Fact]
    public void A_record_lets_some_lines_through_and_all_again_later()
    {
        var clock = new HandClock();
        var record = new ClientRecord("vale0:a", clock);
        Assert.Equal(5, Enumerable.Range(0, 9).Count(_ => record.Faults.TryPass(out long _)));
        clock.Advance(GuestObserver.Quiet);
        Assert.True(record.Faults.TryPass(out long left));
        Assert.Equal(4, left);
    }

    private static async Task<DaemonBed> Start(string bar = "io")
    {
        DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await bed.Post("/v1/ports", $$"""{"name":"vale0:a","slots":64,"bar":"{{bar}}"}""")).Status);
        return bed;
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
