using System.Diagnostics;
using System.Net.Sockets;
using System.Text.Json;
using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Rings;
using Ptnetmap.Tests.Daemon;

namespace Ptnetmap.Tests.HostPorts;

/// <summary>Which files captures are read from and written to, and which are left as they are.</summary>
public sealed class CaptureFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CaptureClaims _claims = new();
    private readonly byte[] _capture = CaptureFile.Classic(CaptureFile.Nanoseconds, false, new byte[60]);

    private string In => _folder["in"];

    private string Out => _folder["out"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_is_no_regular_file_is_named_and_not_opened()
    {
        MakeFifo(_folder["fifo"]);
        Directory.CreateDirectory(_folder["folder"]);
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(_folder["socket"]));
        File.CreateSymbolicLink(_folder["link"], _folder["fifo"]);
        foreach ((string path, string kind) in ((string, string)[])
            [(_folder["fifo"], "a FIFO"), (_folder["link"], "a FIFO"), (_folder["folder"], "a directory"),
                (_folder["socket"], "a socket"), ("/dev/null", "a character device")])
        {
            Assert.Equal($"{path} is {kind}; only regular files will do", Refusal(path, null));
            Assert.Equal($"{path} is {kind}; only regular files will do", Refusal(null, path));
        }
    }

    [Fact]
    public void What_is_not_there_is_named()
    {
        Assert.StartsWith($"{In}: No such file", Refusal(In, null), StringComparison.Ordinal);
        Assert.StartsWith($"{_folder["none/out"]}: No such file", Refusal(null, _folder["none/out"]),
            StringComparison.Ordinal);
    }

    [Fact]
    public void One_file_by_whatever_name_is_not_replayed_and_written()
    {
        File.WriteAllBytes(In, _capture);
        File.CreateSymbolicLink(_folder["link"], In);
        Do("ln", In, _folder["hard"]);
        foreach (string other in (string[])[In, _folder["link"], _folder["hard"], $"{_folder.Path}/./in"])
        {
            Assert.Equal($"{other} is {In}, which a port replays: it would be emptied; name another file to write",
                Refusal(In, other));
            Assert.Equal(_capture, File.ReadAllBytes(In));
        }
    }

    [Fact]
    public void A_file_that_a_port_writes_is_no_other_ports_until_it_is_closed()
    {
        using (Open(null, Out))
        {
            Assert.Contains("which a port writes: it would be emptied", Refusal(null, Out), StringComparison.Ordinal);
            File.WriteAllBytes(Out, _capture);
            Assert.Contains("which a port writes: it cannot be replayed", Refusal(Out, null), StringComparison.Ordinal);
        }

        Open(Out, null).Dispose();
        Open(null, Out).Dispose();
    }

    [Fact]
    public void A_file_that_ports_replay_is_written_by_none()
    {
        File.WriteAllBytes(In, _capture);
        using (Open(In, null))
        using (Open(In, null))
        {
            Assert.Contains("which a port replays", Refusal(null, In), StringComparison.Ordinal);
        }

        Assert.Equal(_capture, File.ReadAllBytes(In));
        Open(null, In).Dispose();
    }

    [Fact]
    public void A_file_that_was_replayed_to_its_end_is_its_ports_until_the_port_is_closed()
    {
        File.WriteAllBytes(In, _capture);
        var feed = new CaptureFeed(1, () => { });
        using CaptureFiles files = Open(In, null);
        (CaptureReader reader, IDisposable claim) = files.TakeInput();
        feed.Start(reader, claim);
        Assert.True(feed.WaitForEnd(TimeSpan.FromSeconds(60)));
        Assert.Contains("which a port replays", Refusal(null, In), StringComparison.Ordinal);
        feed.Dispose();
        feed.Dispose();
        Open(null, In).Dispose();
    }

    [Fact]
    public void Files_of_the_daemons_own_are_not_written()
    {
        File.WriteAllBytes(Out, _capture);
        using (File.OpenRead(Out))
        {
            Assert.Contains("a file of the daemon's own", Refusal(null, Out), StringComparison.Ordinal);
        }

        var needing = new CaptureClaims(() => [_folder["none"], Out]);
        Assert.Contains("a file of the daemon's own", Refusal(null, Out, needing), StringComparison.Ordinal);
        Assert.Equal(_capture, File.ReadAllBytes(Out));
    }

    [Fact]
    public void An_output_is_emptied_by_a_port_only_and_not_when_there_is_no_room_for_one()
    {
        File.WriteAllBytes(Out, _capture);
        using var region =
            MemoryRegion.Create(new RegionRequest { Slots = 64, BufferSize = 512, HugePages = HugePagePolicy.Off });
        var options = new PcapPortOptions { Output = Out, Slots = 64 };
        using (CaptureFiles files = Open(null, Out))
        {
            _ = Assert.Throws<RegionLimitException>(
                () => PcapPort.Create("pcap:test", region, options with { Slots = 16_384 }, files, new Quiescence()));
        }

        Assert.Equal(_capture, File.ReadAllBytes(Out));
        using (CaptureFiles files = Open(null, Out))
        {
            PcapPort.Create("pcap:test", region, options, files, new Quiescence()).Dispose();
            Assert.Equal(_capture, File.ReadAllBytes(Out));
        }

        using (CaptureFiles files = Open(null, Out))
        using (PcapPort port = PcapPort.Create("pcap:test", region, options, files, new Quiescence()))
        {
            port.Keep();
        }

        Assert.Equal(24, new FileInfo(Out).Length);
        Open(null, Out).Dispose();
    }

    [Fact]
    public void A_file_that_was_made_for_a_port_which_is_not_is_removed_and_no_other()
    {
        Open(null, Out).Dispose();
        Assert.False(File.Exists(Out));
        File.WriteAllBytes(Out, []);
        Open(null, Out).Dispose();
        Assert.True(File.Exists(Out));
        File.CreateSymbolicLink(_folder["link"], _folder["behind"]);
        Open(null, _folder["link"]).Dispose();
        Assert.True(File.Exists(_folder["link"]));
        using (Open(null, In))
        {
            File.WriteAllBytes(In, _capture);
        }

        Assert.Equal(_capture, File.ReadAllBytes(In));
    }

    [Fact]
    public async Task A_refused_bridge_leaves_the_capture_of_its_other_end_as_it_was()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        File.WriteAllBytes(Out, _capture);
        foreach (string file in (string[])[Out, _folder["new"]])
        {
            Assert.NotEqual(201,
                (await bed.Post("/v1/bridges", $$"""{"left":"pcap:-,{{file}}","right":"tap:lo"}""")).Status);
        }

        Assert.Empty(bed.Inventory.Ports);
        Assert.Equal(_capture, File.ReadAllBytes(Out));
        Assert.False(File.Exists(_folder["new"]));
    }

    [Fact]
    public void Work_that_does_not_end_is_given_up_and_what_it_has_made_then_is_closed()
    {
        using var go = new ManualResetEventSlim();
        using var closed = new ManualResetEventSlim();
        var late = Assert.Throws<IOException>(() => Patient.Run(
            () =>
            {
                go.Wait(TestContext.Current.CancellationToken);
                return new Closing(closed.Set);
            },
            TimeSpan.Zero, () => new IOException("too late")));
        Assert.Equal("too late", late.Message);
        Assert.False(closed.IsSet);
        go.Set();
        Assert.True(closed.Wait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_FIFO_is_the_users_mistake_and_keeps_nobody_waiting()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        MakeFifo(_folder["fifo"]);
        (int status, JsonElement problem) = await bed.Post("/v1/ports", $$"""{"name":"pcap:-,{{_folder["fifo"]}}"}""");
        Assert.Equal(400, status);
        Assert.Contains("is a FIFO", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(201, (await bed.Post("/v1/ports", $$"""{"name":"pcap:-,{{Out}}","transport":"none"}""")).Status);
        Assert.Equal(400, (await bed.Post("/v1/ports", $$"""{"name":"pcap:{{Out}},-","transport":"none"}""")).Status);
        Assert.Single(bed.Inventory.Ports);
    }

    private static void MakeFifo(string path) => Do("mkfifo", path);

    private static void Do(string command, params string[] arguments)
    {
        using Process made = Process.Start(command, arguments);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }

    private CaptureFiles Open(string? input, string? output, CaptureClaims? claims = null) =>
        CaptureFiles.Open(new PcapPortOptions { Input = input, Output = output }, claims ?? _claims);

    private string Refusal(string? input, string? output, CaptureClaims? claims = null) =>
        Assert.Throws<PcapException>(() => Open(input, output, claims).Dispose()).Message;

    private sealed class Closing(Action closed) : IDisposable
    {
        public void Dispose() => closed();
    }
}
