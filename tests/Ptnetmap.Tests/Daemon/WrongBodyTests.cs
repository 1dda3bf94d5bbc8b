using System.Text;
using System.Text.Json;

namespace Ptnetmap.Tests.Daemon;

/// <summary>A request whose body is wrong is told the key, what was expected and what is there.</summary>
public class WrongBodyTests
{
    [Theory]
    [InlineData("""{"name":null}""", "name", "expected a text, found null; it is required")]
    [InlineData("""{"rings":2}""", "name", "is required; expected a text")]
    [InlineData("""{"name":3}""", "name", "expected a text, found 3")]
    [InlineData("""{"name":["vale0:a"]}""", "name", "expected a text, found a list")]
    [InlineData("""{"name":"\ud800"}""", "name", "no Unicode")]
    [InlineData("""{"name":"vale0:a","rings":"two"}""", "rings",
        "expected a whole number from 1 to 16, found the text 'two'")]
    [InlineData("""{"name":"vale0:a","rings":1.5}""", "rings", "expected a whole number from 1 to 16, found 1.5")]
    [InlineData("""{"name":"vale0:a","rings":99999999999}""", "rings",
        "expected a whole number from 1 to 16, found 99999999999")]
    [InlineData("""{"name":"vale0:a","rings":null}""", "rings",
        "expected a whole number from 1 to 16, found null; leave it out for the usual value")]
    [InlineData("""{"name":"vale0:a","offloads":1}""", "offloads", "expected true or false, found 1")]
    [InlineData("""{"name":"vale0:a","bar":null}""", "bar", "expected a text, found null")]
    [InlineData("""{"name":"vale0:a","host":"eth0"}""", "host", "expected an object, found the text 'eth0'")]
    [InlineData("""{"name":"tap:a","host":{"mtu":"big"}}""", "host.mtu",
        "expected a whole number from 68 to 65521, found the text 'big'")]
    [InlineData("""{"name":"tap:a","host":{"loops":true}}""", "host.loops",
        "expected a whole number from 0 to 1000000000000, found true")]
    [InlineData("""{"name":"vale0:a","guest":{"program":null}}""", "guest.program", "found null")]
    [InlineData("""{"name":"vale0:a","slot":64}""", "slot",
        "there is no such setting; there are name, domain, rings, slots")]
    [InlineData("""{"name":"vale0:a","host":{"ring":1}}""", "host.ring", "there are netns, interface")]
    [InlineData("""{"name":"vale0:a","host":{"filter":"udp=53"}}""", "host.filter",
        "only ports of the host (netmap:INTERFACE, tap:NAME, pcap:IN,OUT) have it")]
    [InlineData("""{"name":"vale0:a","name":"vale0:b"}""", "name", "given twice")]
    [InlineData("""{"name":"vale0:a","\ud800":1}""", "?", "no such setting")]
    [InlineData("""{"name":"vale0:a","\u001b[2J\u202e":1}""", "\\u001b[2J\\u202e", "no such setting")]
    [InlineData("""{"name":"vale0:a","policy":"\u001b[2J"}""", "policy", "'\\u001b[2J' is none of")]
    public async Task A_wrong_setting_is_named_with_what_was_expected(string body, string key, string text)
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) = await bed.Post("/v1/ports", body);

        Assert.Equal(400, status);
        JsonElement error = problem.GetProperty("errors").EnumerateArray().First();
        Assert.Equal(key, error.GetProperty("key").GetString());
        Assert.Contains(text, error.GetProperty("text").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("Ptnetmap.", problem.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", problem.GetRawText(), StringComparison.Ordinal);
        Assert.Empty(bed.Inventory.Ports);
    }

    [Theory]
    [InlineData("POST", "/v1/ports/vale0:a/detach")]
    [InlineData("DELETE", "/v1/ports/vale0:a")]
    public async Task What_has_no_settings_takes_none_in_silence(string method, string path)
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201,
            (await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"guest":{"program":"receive"}}""")).Status);

        (int status, JsonElement problem) = await bed.Send(new HttpMethod(method), path, """{"force":true}""");

        Assert.Equal((400, "force"), (status, problem.GetProperty("errors")[0].GetProperty("key").GetString()));
        Assert.True(Assert.Single(bed.Inventory.Ports).HasGuest);
        Assert.InRange((await bed.Send(new HttpMethod(method), path, "{}")).Status, 200, 204);
    }

    [Theory]
    [InlineData("/v1/bridges", """{"right":"tap:x"}""", "left")]
    [InlineData("/v1/domains", """{"name":null}""", "name")]
    [InlineData("/v1/pipes", """{"name":null}""", "name")]
    [InlineData("/v1/pipes", """{"name":"p{1","master":null}""", "master")]
    [InlineData("/v1/bridges", """{"left":null,"right":"tap:x"}""", "left")]
    [InlineData("/v1/ports/vale0:a/attach", """{"program":null}""", "program")]
    public async Task Null_is_no_value_anywhere(string path, string body, string key)
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) = await bed.Post(path, body);

        Assert.Equal((400, key), (status, problem.GetProperty("errors")[0].GetProperty("key").GetString()));
    }

    [Theory]
    [InlineData("", "the body is empty; expected a JSON object")]
    [InlineData("null", "the body is null; expected a JSON object")]
    [InlineData("[]", "the body is a list")]
    [InlineData("\"x\"", "the body is the text 'x'")]
    [InlineData("name=vale0:a", "the body is no JSON: line 1, byte 2")]
    [InlineData("{\n\"name\":", "the body is no JSON: line 2, byte 8")]
    [InlineData("{\"name\":\"vale0:a\"} x", "the body is no JSON: line 1, byte 20")]
    public async Task A_body_that_is_no_object_is_told_as_such(string body, string text)
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) = await bed.Post("/v1/ports", body);

        Assert.Equal(400, status);
        Assert.Contains(text, problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("BytePositionInLine", problem.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_of_unknown_length_is_read_where_there_need_not_be_one()
    {
        await using DaemonBed bed = await DaemonBed.Start();
        Assert.Equal(201, (await bed.Post("/v1/ports", """{"name":"vale0:a","slots":64,"transport":"none"}""")).Status);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/ports/vale0:a/attach");
        request.Headers.TransferEncodingChunked = true;
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes("""{"program":"receive"}"""));

        using HttpResponseMessage response = await bed.Http.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.True(bed.Inventory.FindPort("vale0:a").HasGuest);
    }

    [Fact]
    public async Task A_body_that_is_too_long_is_told_the_limit()
    {
        await using DaemonBed bed = await DaemonBed.Start();

        (int status, JsonElement problem) =
            await bed.Post("/v1/ports", $$"""{"name":"{{new string('x', 100_000)}}"}""");

        Assert.Equal(413, status);
        Assert.Contains("65536", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
