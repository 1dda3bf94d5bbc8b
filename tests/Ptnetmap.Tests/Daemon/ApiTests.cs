using System.Text.Json;
using Ptnetmap.Daemon.Api;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Tests.Daemon;

public class ApiTests
{
    private static readonly HttpMethod Delete = HttpMethod.Delete;

    [Fact]
    public void The_document_describes_the_routes_and_nothing_else()
    {
        using JsonDocument document = JsonDocument.Parse(ApiRoutes.OpenApiDocument);
        IEnumerable<string> described =
            from path in document.RootElement.GetProperty("paths").EnumerateObject()
            from method in path.Value.EnumerateObject()
            select $"{method.Name.ToUpperInvariant()} {path.Name}";

        Assert.Equal(
            ApiRoutes.All.Select(route => $"{route.Method} {route.Path}").Order(StringComparer.Ordinal),
            described.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("DaemonReport", "Daemon")]
    [InlineData("WorkerReport", "Worker")]
    [InlineData("DomainReport", "Domain")]
    [InlineData("SwitchReport", "Switch")]
    [InlineData("SwitchPortReport", "SwitchPort")]
    [InlineData("ForwardingReport", "Forwarding")]
    [InlineData("VlanReport", "Vlan")]
    [InlineData("PortReport", "Port")]
    [InlineData("PipeReport", "Pipe")]
    [InlineData("BridgeReport", "Bridge")]
    [InlineData("AttachmentReport", "Attachment")]
    [InlineData("HostReport", "Host")]
    [InlineData("GuestReport", "Guest")]
    [InlineData("DeviceReport", "Device")]
    [InlineData("RingReport", "Ring")]
    [InlineData("StatsReport", "Stats")]
    [InlineData("VmReport", "Vm")]
    [InlineData("VmDeviceReport", "VmDevice")]
    [InlineData("Problem", "Problem")]
    [InlineData("DomainSettings", "DomainSettings")]
    [InlineData("PortSettings", "PortSettings")]
    [InlineData("PipeSettings", "PipeSettings")]
    [InlineData("EndSettings", "EndSettings")]
    [InlineData("BridgeSettings", "BridgeSettings")]
    [InlineData("AttachmentSettings", "AttachmentSettings")]
    [InlineData("HostSettings", "HostSettings")]
    [InlineData("GuestSettings", "GuestSettings")]
    public void The_document_has_every_member_of_what_is_sent(string type, string schema)
    {
        using JsonDocument document = JsonDocument.Parse(ApiRoutes.OpenApiDocument);
        JsonElement properties = document.RootElement.GetProperty("components").GetProperty("schemas")
            .GetProperty(schema).GetProperty("properties");
        Type clr = typeof(ApiJson).Assembly.GetTypes().Single(candidate => candidate.Name == type);

        Assert.Equal(
            ApiJson.Plain.GetTypeInfo(clr)!.Properties.Select(property => property.Name).Order(StringComparer.Ordinal),
            properties.EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_document_is_served()
    {
        await using DaemonBed bed = await DaemonBed.Start();

        JsonElement served = await bed.Get("/openapi.json");

        Assert.Equal("3.0.3", served.GetProperty("openapi").GetString());
    }

    [Fact]
    public async Task Every_route_is_reached()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        foreach (ApiRoute route in ApiRoutes.All)
        {
            string path = route.Path.Replace("{name}", "nobody", StringComparison.Ordinal);
            using var request = new HttpRequestMessage(new HttpMethod(route.Method), path);
            using HttpResponseMessage response =
                await bed.Http.SendAsync(request, TestContext.Current.CancellationToken);
            string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.DoesNotContain("not in the API", text, StringComparison.Ordinal);
            Assert.True((int)response.StatusCode < 500, $"{route.Method} {path}: {text}");
        }
    }

    [Fact]
    public async Task A_port_comes_is_shown_and_goes_with_its_switch_and_region()
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement port) = await bed.Post(
            "/v1/ports", """{"name":"vale0:web","rings":2,"slots":128,"mac":"02:00:00:00:00:07","bar":"memory"}""");
        Assert.Equal(201, status);
        Assert.Equal(("vale0:web", "vale0:web", "memory", "02:00:00:00:00:07", "qemu", "waiting"), (
            Text(port, "name"), Text(port, "domain"), Text(port, "bar"), Text(port, "mac"), Text(port,
                "transport"), Text(port, "state")));
        Assert.Equal(4, (await bed.Get("/v1/ports/vale0:web")).GetProperty("ring_state").GetArrayLength());
        Assert.Equal("vale0:web", Text((await bed.Get("/v1/switches/vale0")).GetProperty("ports")[0], "name"));
        JsonElement domain = Assert.Single((await bed.Get("/v1/domains")).EnumerateArray());
        Assert.Equal((1, 0), (domain.GetProperty("room").GetInt32(), domain.GetProperty("free_buffers").GetInt32()));
        Assert.InRange(domain.GetProperty("populated_bytes").GetInt64(), 4096, domain.GetProperty("bytes").GetInt64());

        Assert.Equal(204, (await bed.Send(Delete, "/v1/ports/vale0:web")).Status);
        Assert.Empty((await bed.Get("/v1/ports")).EnumerateArray());
        Assert.Empty((await bed.Get("/v1/switches")).EnumerateArray());
        Assert.Empty((await bed.Get("/v1/domains")).EnumerateArray());
    }

    [Fact]
    public async Task Refusals_say_what_is_wrong_and_change_nothing()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        _ = await bed.Post("/v1/domains", """{"name":"small","ports":1,"slots":64}""");
        _ = await bed.Post("/v1/ports", """{"name":"vale0:a","domain":"small","slots":64,"transport":"none"}""");

        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:b","domain":"small","slots":64}""", 409,
            "holds 1 port and has no place left", "--ports of its trust domain");
        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:b","domain":"small","slots":128}""", 409,
            "64 to", "--slots");
        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:b","domain":"none"}""", 404, "none", "small");
        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:a"}""", 409, "vale0:a");
        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:b","slots":1,"rings":99}""", 400,
            "64 to 16384", "1 to 16");
        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:b","transport":"pigeon"}""", 400, "pigeon",
            "qemu, none, thread");
        await AssertRefused(bed, "/v1/ports", """{"name":"vale0:b","slot":64}""", 400, "slot");
        await AssertRefused(bed, "/v1/ports", """{"name":""", 400);
        await AssertRefused(bed, "/v1/ports", "null", 400);
        await AssertRefused(bed, "/v1/ports", """{"name":"eth0"}""", 400, "^");
        await AssertRefused(bed, "/v1/pipes", """{"name":"p{1","domain":"small","slots":64}""", 409, "--ports");
        await AssertRefused(bed, "/v1/domains", """{"name":"small"}""", 409, "small");
        await AssertRefused(bed, "/v1/domains", """{"name":"x","region_id":1}""", 409, "--region-id");
        await AssertRefused(bed, "/v1/domains", """{"name":"x","ports":1024,"rings":16,"slots":16384}""", 409,
            "MiB", "--slots");
        await AssertRefused(bed, "/v1/ports/vale0:a/attach", null, 409, "--program");
        await AssertRefused(bed, "/v1/nothing", null, 404, "openapi.json");
        Assert.Equal(409, (await bed.Send(Delete, "/v1/domains/small")).Status);
        Assert.Equal("vale0:a", Text(Assert.Single((await bed.Get("/v1/ports")).EnumerateArray()), "name"));
        Assert.Single((await bed.Get("/v1/domains")).EnumerateArray());
    }

    [Theory]
    [InlineData("PUT", "/v1/ports", "GET, HEAD, POST")]
    [InlineData("POST", "/v1/ports/vale0:a", "GET, HEAD, DELETE")]
    [InlineData("GET", "/v1/ports/vale0:a/attach", "POST")]
    [InlineData("POST", "/metrics", "GET, HEAD")]
    public async Task A_method_that_a_path_does_not_have_is_told_those_that_it_has(string method, string path,
        string allowed)
    {
        await using DaemonBed bed = await DaemonBed.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using HttpResponseMessage response = await bed.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal((405, allowed), ((int)response.StatusCode, string.Join(", ", response.Content.Headers.Allow)));
        Assert.Contains(allowed, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/metrics")]
    [InlineData("/v1/ports")]
    public async Task The_head_of_an_answer_can_be_had_without_it(string path)
    {
        await using DaemonBed bed = await DaemonBed.Start();
        using var request = new HttpRequestMessage(HttpMethod.Head, path);

        using HttpResponseMessage response = await bed.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.NotNull(response.Content.Headers.ContentType);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("""{"name":"pcap:/proc,-"}""", "/proc is a directory")]
    [InlineData("""{"name":"pcap:-,/proc/self"}""", "/proc/self is a directory")]
    [InlineData("""{"name":"pcap:/nowhere/x,-"}""", "/nowhere/x")]
    [InlineData("""{"name":"pcap:/proc/self/environ/x,-"}""", "/proc/self/environ/x")]
    [InlineData("""{"name":"pcap:-,/nowhere/x"}""", "/nowhere/x")]
    [InlineData("""{"name":"tap:t","host":{"netns":"ptnet-nowhere"}}""", "ptnet-nowhere")]
    public async Task What_a_user_named_wrongly_is_no_failure_of_the_daemon(string body, string text)
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) = await bed.Post("/v1/ports", body);

        Assert.InRange(status, 400, 499);
        Assert.Contains(text, Text(problem, "detail"), StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Ports);
    }

    [Fact]
    public async Task All_wrong_settings_of_a_request_are_named()
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) =
            await bed.Post("/v1/ports", """{"name":"vale0:b","slots":1,"rings":99,"mac":"x"}""");

        Assert.Equal((400, "urn:ptnet:problem:settings"), (status, Text(problem, "type")));
        Assert.Equal(
            ["rings", "slots", "mac"], problem.GetProperty("errors").EnumerateArray()
                .Select(error => Text(error, "key")));
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_refused()
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, _) = await bed.Post("/v1/ports", $$"""{"name":"{{new string('x', 100_000)}}"}""");

        Assert.Equal(413, status);
    }

    [Fact]
    public async Task A_configuration_is_served_and_its_domains_hold_what_is_put_into_them()
    {
        DaemonSettings settings = ConfigReader.Read(
            """
            [[domain]]
            name = "partners"
            [[switch]]
            name = "vale7"
            ageing_seconds = 9
            patience_us = 7
            [[port]]
            name = "vale0:a"
            domain = "partners"
            rings = 2
            slots = 64
            [[pipe]]
            name = "p{1"
            domain = "partners"
            slots = 256
            """,
            "ptnet.toml");
        await using DaemonBed bed = await DaemonBed.Start(settings);

        JsonElement domain = Assert.Single((await bed.Get("/v1/domains")).EnumerateArray());
        Assert.Equal(3, domain.GetProperty("room").GetInt32());
        Assert.Equal(["vale0:a", "p{1", "p}1"],
            domain.GetProperty("ports").EnumerateArray().Select(port => port.GetString()));
        Assert.Equal(9, (await bed.Get("/v1/switches/vale7")).GetProperty("ageing_seconds").GetInt32());
        Assert.Equal(7, (await bed.Get("/v1/switches/vale7")).GetProperty("patience_us").GetInt32());
        Assert.Equal(409, (await bed.Send(Delete, "/v1/ports/p%7B1")).Status);
        Assert.Equal(204, (await bed.Send(Delete, "/v1/pipes/p%7B1")).Status);
        Assert.Single((await bed.Get("/v1/ports")).EnumerateArray());
    }

    private static async Task AssertRefused(DaemonBed bed, string path, string? body, int status, params string[] parts)
    {
        (int answered, JsonElement problem) = await bed.Post(path, body);
        string detail = Text(problem, "detail");
        Assert.True(answered == status, $"{path} {body}: {answered} {detail}");
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.All(parts, part => Assert.Contains(part, detail, StringComparison.Ordinal));
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
