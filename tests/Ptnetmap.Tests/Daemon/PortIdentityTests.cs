using System.Text.Json;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;

namespace Ptnetmap.Tests.Daemon;

/// <summary>Ports of different names, and interfaces, are never taken for each other.</summary>
public sealed class PortIdentityTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("vale0:web_1")]
    [InlineData("pcap:a b&c=d,-")]
    public async Task A_device_has_an_id_that_QEMU_takes(string name)
    {
        await using DaemonBed bed = await DaemonBed.Start();
        string file = _folder["a b&c=d"];
        File.WriteAllBytes(file,
            HostPorts.CaptureFile.Classic(HostPorts.CaptureFile.Nanoseconds, false, [new byte[60]]));
        name = name.Replace("a b&c=d", file, StringComparison.Ordinal);
        bed.Inventory.AddPort(new PortSettings { Name = name, Slots = 64, Transport = "qemu" });

        JsonElement vm = await bed.Get($"/v1/vm/arguments?port={Uri.EscapeDataString(name)}");

        // Letters first, then letters, digits and these: id_wellformed in QEMU's util/id.c.
        Assert.All(vm.GetProperty("devices").EnumerateArray(), device =>
            Assert.Matches("^[A-Za-z][A-Za-z0-9._-]*$", device.GetProperty("id").GetString()));
    }

    [Fact]
    public void Two_devices_never_have_one_socket()
    {
        using RunDirectory directory = RunDirectory.Open(_folder["run"]);
        string deep = string.Concat(Enumerable.Repeat("/directory", 15));
        string[] names =
            ["tap:a", "tap:a.mem", "tap:a=mem", $"pcap:{deep}/in,-", $"pcap:{deep}/on,-", $"pcap:-,{deep}/in"];

        string[] sockets =
            [.. names.SelectMany(name => new[] { directory.SocketFor(name), directory.SocketFor(name, ".mem") })];

        Assert.Equal(2 * names.Length, sockets.Distinct(StringComparer.Ordinal).Count());
        Assert.All(sockets, socket => Assert.InRange(socket.Length, 1, 107));
    }

    [Fact]
    public async Task A_VMs_port_is_not_taken_for_an_interfaces()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        string left = $"pcap:-,{_folder["web"]}";
        bed.Inventory.AddPort(new PortSettings { Name = "vale0:web", Slots = 64 });

        (int status, JsonElement problem) = await Attach(bed, left, "vale0:web");
        Assert.Equal(409, status);
        Assert.Contains("--as NAME", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Null(bed.Inventory.FindPort("vale0:web").Bridge);
        Assert.Single(bed.Inventory.Ports);

        Assert.Equal(201, (await Attach(bed, left, "vale0:other")).Status);
    }

    [Fact]
    public async Task Two_captures_of_one_directory_are_two_ports_of_a_switch()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        foreach (string file in (string[])["monday", "tuesday"])
        {
            string port = $"pcap:-,{_folder[$"a-directory-with-a-name-of-its-own-{file}"]}";
            Assert.Equal(201, (await Attach(bed, port, $"vale0:{NameSpelling.MemberFor(port)}")).Status);
        }

        Assert.Equal(2, bed.Inventory.Bridges.Count);
    }

    [Fact]
    public async Task One_interface_name_in_two_namespaces_is_two_ports()
    {
        using var blue = new NamedNamespace();
        using var red = new NamedNamespace();
        await using DaemonBed bed = await DaemonBed.Start();

        Assert.Equal(201, (await Add(bed, "tap:web", blue, null)).Status);
        (int status, JsonElement problem) = await Add(bed, "tap:web", red, null);
        Assert.Equal(409, status);
        Assert.Contains("--interface", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);

        Assert.Contains("tap:NAME --interface web --netns NAMESPACE", problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal);

        (_, JsonElement port) = await Add(bed, "tap:red-web", red, "web");
        Assert.Equal("web", port.GetProperty("host").GetProperty("interface").GetString());
    }

    [Fact]
    public async Task Another_namespaces_interface_is_not_connected_under_the_name_of_one_that_has_a_port()
    {
        using var blue = new NamedNamespace();
        using var red = new NamedNamespace();
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await Add(bed, "tap:web", blue, null)).Status);

        (int status, JsonElement problem) = await Connect("tap:web", "");
        Assert.Equal(400, status);
        string told = problem.GetRawText();
        Assert.Contains("tap:web is there already", told, StringComparison.Ordinal);
        Assert.Contains("tap:NAME --interface web --netns NAMESPACE", told, StringComparison.Ordinal);

        Assert.Equal(201, (await Connect("tap:red-web", ",\"interface\":\"web\"")).Status);

        Task<(int Status, JsonElement Body)> Connect(string left, string more) => bed.Post(
            "/v1/bridges",
            $$$"""{"left":"{{{left}}}","right":"vale0:a","make_right":true,"slots":64,"host":{"netns":"{{{red.Name}}}"{{{more}}}}}""");
    }

    [Theory]
    [InlineData("tap:web", "tap:NAME --interface web --netns")]
    [InlineData("netmap:eth0", "netmap:NAME --interface eth0 --netns")]
    [InlineData("netmap:eth0-3", "netmap:NAME-3 --interface eth0 --netns")]
    [InlineData("netmap:eth0^", "netmap:NAME^ --interface eth0 --netns")]
    public void A_file_that_names_two_interfaces_alike_is_told_how_to_name_the_second(string name, string told)
    {
        var mistakes = Assert.Throws<ConfigException>(() =>
            ConfigReader.Read($"[[port]]\nname = \"{name}\"\n[[port]]\nname = \"{name}\"\n", "f"));
        Assert.Contains("f:4: ", mistakes.Message, StringComparison.Ordinal);
        Assert.Contains(told, mistakes.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a b")]
    [InlineData("x%d")]
    [InlineData("sixteencharacter")]
    public async Task What_is_no_interface_is_refused(string name)
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) =
            await bed.Post("/v1/ports", $$$"""{"name":"tap:x","host":{"interface":"{{{name}}}"}}""");

        Assert.Equal((400, "host.interface"),
            (status, problem.GetProperty("errors")[0].GetProperty("key").GetString()));
    }

    [Fact]
    public void An_interface_whose_name_reads_as_a_queues_is_told_how_to_be_named()
    {
        PortNameException refusal = Assert.Throws<PortNameException>(() => PortName.Parse("netmap:br-lan"));
        Assert.Contains("--interface", refusal.Message, StringComparison.Ordinal);
        Assert.Equal("br-lan", PortName.Parse("tap:br-lan").Part);
    }

    [Fact]
    public async Task A_queue_of_an_interface_that_is_not_there_says_that_it_is_one()
    {
        Needs.Xdp();
        await using DaemonBed bed = await DaemonBed.Start();

        (_, JsonElement answer) =
            await bed.Post("/v1/ports", """{"name":"netmap:ptnowhere-1","slots":64,"transport":"none"}""");

        Assert.Contains("--interface ptnowhere-1", answer.GetRawText(), StringComparison.Ordinal);
    }

    private static Task<(int Status, JsonElement Body)> Attach(DaemonBed bed, string left, string right) => bed.Post(
        "/v1/bridges", $$"""{"left":"{{left}}","right":"{{right}}","make_right":true,"slots":64}""");

    private static Task<(int Status, JsonElement Body)> Add(DaemonBed bed, string name, NamedNamespace space,
        string? of) => bed.Post(
            "/v1/ports",
            $$$"""{"name":"{{{name}}}","slots":64,"transport":"none","host":{"netns":"{{{space.Name}}}"{{{(of is null ? "" : $",\"interface\":\"{of}\"")}}}}}""");
}
