using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Daemon.Running.Kinds;
using Ptnetmap.Daemon.Transports;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Interfaces and captures on switches: put there as a whole, and taken off as they were put.</summary>
public sealed class SwitchAttachTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Capture => $"pcap:-,{_folder["out"]}";

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_is_put_on_a_switch_is_shown_there_and_taken_off_without_a_rest()
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement made) =
            await bed.Post("/v1/attachments", $$"""{"switch":"vale0","port":"{{Capture}}","as":"tape","slots":64}""");

        Assert.Equal((201, "vale0", Capture),
            (status, made.GetProperty("switch").GetString(), made.GetProperty("port").GetString()));
        JsonElement bridge = Assert.Single(made.GetProperty("bridges").EnumerateArray());
        Assert.Equal((Capture, "vale0:tape"),
            (bridge.GetProperty("left").GetString(), bridge.GetProperty("right").GetString()));
        foreach (JsonElement shown in (JsonElement[])
        [
            Assert.Single((await bed.Get("/v1/attachments")).EnumerateArray()),
            Assert.Single((await bed.Get("/v1/switches/vale0")).GetProperty("attachments").EnumerateArray()),
            await bed.Get($"/v1/attachments/{Uri.EscapeDataString(Capture)}"),
        ])
        {
            Assert.Equal(made.GetRawText(), shown.GetRawText());
        }

        Assert.Equal(409, (await Detach(bed, Capture, "vale9")).Status);
        Assert.Equal(204, (await Detach(bed, Capture, "vale0")).Status);
        Assert.Equal(404, (await Detach(bed, Capture, "vale0")).Status);
        Assert.Empty(bed.Inventory.Attachments);
        Assert.Empty(bed.Inventory.Ports);
        Assert.Empty(bed.Inventory.Domains);
    }

    [Fact]
    public async Task What_was_there_before_and_what_was_connected_by_hand_stay()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        bed.Inventory.AddDomain(new DomainSettings { Name = "d", Ports = 4, Slots = 64 });
        bed.Inventory.AddPort(new PortSettings { Name = Capture, Domain = "d", Slots = 64, Transport = "none" });
        string other = $"pcap:-,{_folder["other"]}";
        bed.Inventory.AddBridge(new BridgeSettings { Left = other, Right = "vale0:other", Slots = 64 });

        bed.Inventory.AddAttachment(
            new AttachmentSettings { Switch = "vale0", Port = Capture, As = "tape", Slots = 64 });
        Assert.Equal(Capture, Assert.Single(bed.Inventory.Attachments).What.Port);
        bed.Inventory.RemoveAttachment(Capture, "vale0");

        Assert.Equal([Capture, other, "vale0:other"], bed.Inventory.Ports.Select(port => port.Name));
        Assert.Null(bed.Inventory.FindPort(Capture).Bridge);

        // What a bridge put on the switch is taken off as well.
        bed.Inventory.RemoveAttachment(other, "vale0");
        Assert.Equal([Capture], bed.Inventory.Ports.Select(port => port.Name));
    }

    [Fact]
    public void What_fails_in_the_middle_leaves_nothing()
    {
        File.WriteAllText(_folder["first"], "of another day");
        using RunDirectory directory = RunDirectory.Open(_folder["run"]);
        using var host = new Host(NotificationPolicy.Parse("sleep"), 1);
        var log = new LogLines();
        var coming = new Reservations();
        var transports = new TransportTable([new NoTransportFactory()], host, directory, log, () => { });
        var domains = new DomainRegistry(coming, log);
        var ports = new PortRegistry(
            [new ValeKind(host.Switches, name => new SwitchSettings { Name = name }),
                new PcapKind(host.Quiescence, () => [])], transports, domains, coming, log);
        var bridges = new BridgeRegistry(ports, domains, host, name => new SwitchSettings { Name = name }, log);
        var attachments = new AttachmentRegistry(bridges, ports);
        using (PreparedDomain room =
            domains.Prepare(new DomainSettings { Name = "d", Ports = 3, Slots = 64 }, goesWithPort: false))
        {
            domains.Publish(room);
        }

        // The second one finds one place where it needs two.
        using (var prepared = new AttachmentPreparation(
            new SwitchAttachment("vale0", "x"), [bridges.Prepare(Bridge("first")), bridges.Prepare(Bridge("second"))]))
        {
            Assert.Throws<RegionLimitException>(() => attachments.Add(prepared));
        }

        Assert.Empty(bridges.All);
        Assert.Empty(attachments.All);
        Assert.Empty(ports.All);
        Assert.Empty(host.Switches.Switches);
        Assert.Equal("of another day", File.ReadAllText(_folder["first"]));

        // Names and room are free again.
        using (var prepared =
            new AttachmentPreparation(new SwitchAttachment("vale0", "x"), [bridges.Prepare(Bridge("first"))]))
        {
            Assert.Single(attachments.Add(prepared).Bridges);
        }

        attachments.Remove("x", "vale0");
        domains.Remove("d", ports.All);
    }

    [Theory]
    [InlineData("switch", """{"switch":"br0","port":"tap:x"}""")]
    [InlineData("port", """{"switch":"vale0","port":"vale1:x"}""")]
    [InlineData("port", """{"switch":"vale0","port":"q"}""")]
    [InlineData("port switch", """{"slots":64}""")]
    [InlineData("as", """{"switch":"vale0","port":"tap:x","as":"a:b"}""")]
    [InlineData("as", """{"switch":"vale0","port":"netmap:x","as":"x_5e","stack":true,"slots":64}""", "_5e")]
    [InlineData("stack", """{"switch":"vale0","port":"tap:x","stack":true}""")]
    [InlineData("stack", """{"switch":"vale0","port":"netmap:x^","stack":true}""")]
    [InlineData("host.mtu slots", """{"switch":"vale0","port":"netmap:x","slots":5,"host":{"mtu":1500}}""")]
    [InlineData("host", """{"switch":"vale0","port":"tap:x","host":true}""")]
    public async Task A_wrong_setting_is_named(string keys, string body, string suffix = "")
    {
        await using DaemonBed bed = await DaemonBed.Start();
        body = suffix.Length == 0
            ? body
            : body.Replace("x_5e", NameSpelling.MemberFor("netmap:x^"), StringComparison.Ordinal);

        (int status, JsonElement problem) = await bed.Post("/v1/attachments", body);

        Assert.Equal((400, keys), (status, string.Join(' ', problem.GetProperty("errors").EnumerateArray()
            .Select(error => error.GetProperty("key").GetString()).Order(StringComparer.Ordinal))));
        Assert.Empty(bed.Inventory.Ports);
        Assert.Empty(bed.Inventory.Domains);
    }

    [Fact]
    public async Task A_row_of_a_file_puts_a_capture_beside_it_on_a_switch()
    {
        File.WriteAllText(
            _folder["ptnet.toml"], "[[domain]]\nname = \"d\"\n[[attach]]\nswitch = \"vale0\"\nport = " +
                "\"pcap:-,out\"\nas = \"tape\"\ndomain = \"d\"\nslots = 128\n");
        await using DaemonBed bed = await DaemonBed.Start(ConfigReader.ReadFile(_folder["ptnet.toml"]));

        ServedAttachment attachment = Assert.Single(bed.Inventory.Attachments);
        Assert.Equal(new SwitchAttachment("vale0", Capture), attachment.What);
        ServedBridge bridge = Assert.Single(attachment.Bridges);
        Assert.Equal((Capture, "vale0:tape", "d"), (bridge.Left.Name, bridge.Right.Name, bridge.Left.Domain.Name));
    }

    [Fact]
    public async Task A_row_that_cannot_be_made_is_told_with_its_place()
    {
        DaemonSettings settings = ConfigReader.Read(
            "[[port]]\nname = \"vale0:tape\"\nslots = 64\n[[attach]]\nswitch = \"vale0\"\nport = " +
            $"\"{Capture}\"\nas = \"tape\"\nslots = 64\n", "f");

        RefusalException refusal = await Assert.ThrowsAsync<RefusalException>(() => DaemonBed.Start(settings));

        Assert.StartsWith("f:4: port vale0:tape is there already", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_mistakes_of_a_row_are_told_with_their_lines()
    {
        var mistakes = Assert.Throws<ConfigException>(() => ConfigReader.Read(
            """
            [[attach]]
            switch = "br0"
            port = "vale0:x"
            as = "a:b"
            slots = 5
            [[attach]]
            switch = "vale0"
            port = "tap:x"
            stack = true
            [[attach]]
            switch = "vale1"
            port = "tap:x"
            """,
            "f"));

        Assert.All(
            ["f:2: switch: ", "f:3: port: ", "f:4: as: ", "f:5: slots: ", "f:9: stack: ",
                "f:12: port: end of a bridge 'tap:x' is taken already (line 8)"],
            part => Assert.Contains(part, mistakes.Message, StringComparison.Ordinal));
    }

    private BridgeSettings Bridge(string name) => new()
    {
        Left = $"pcap:-,{_folder[name]}",
        Right = $"vale0:{name}",
        MakeRight = true,
        Domain = "d",
        Slots = 64,
    };

    private static Task<(int Status, JsonElement Body)> Detach(DaemonBed bed, string port, string vale) =>
        bed.Send(HttpMethod.Delete, $"/v1/attachments/{Uri.EscapeDataString(port)}?switch={vale}");
}
