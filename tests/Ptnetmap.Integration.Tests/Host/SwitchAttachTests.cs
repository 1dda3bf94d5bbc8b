using System.Net;
using System.Text;
using System.Text.Json;
using Ptnetmap.Integration.Tests.Cli;
using Ptnetmap.Integration.Tests.Daemon;

namespace Ptnetmap.Integration.Tests.Host;

/// <summary>A NIC and the kernel's stack behind it, put on a daemon's switch as one.</summary>
public sealed class SwitchAttachTests : IDisposable
{
    private const int MostPorts = 254;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string StackMember = $"vale0:{NameSpelling.MemberFor("netmap:nic0^")}";

    private readonly KernelHost _remote;
    private readonly KernelHost _own;

    public SwitchAttachTests()
    {
        Needs.Xdp();
        (_remote, _own) = (KernelHost.Create(), KernelHost.Create());
        KernelHost.Connect(_remote, "far", _own, "nic0");
        _remote.Address("far", "10.9.1.1");
        _own.Address("nic0", "10.9.1.2");
    }

    public void Dispose()
    {
        _remote.Dispose();
        _own.Dispose();
    }

    [Fact]
    public async Task A_row_puts_both_on_a_switch_and_detach_takes_off_these_and_no_others()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(
            "[[attach]]\nswitch = \"vale0\"\nport = \"netmap:nic0\"\nstack = true\n[attach.host]\nnetns = " +
            $"\"{_own.Path}\"\n");
        await UdpEcho.Run(_remote, _own, "10.9.1.2");
        string capture = $"pcap:-,{daemon.PathOf("out.pcap")}";
        await daemon.Ptnet("switch", "attach", "vale0", capture, "--as", "tape");

        string shown = await daemon.Ptnet("switch", "show", "vale0");
        Assert.Contains($"netmap:nic0 - vale0:nic0, netmap:nic0^ - {StackMember}", shown, StringComparison.Ordinal);
        Assert.Contains($"{capture} - vale0:tape", shown, StringComparison.Ordinal);

        await daemon.Ptnet("switch", "detach", "vale0", "netmap:nic0");
        Assert.Equal([capture, "vale0:tape"], await Names(daemon, "port"));
        Assert.True(SpinWait.SpinUntil(() => _own.XdpProgram("nic0") == 0, Patience), "the program stays");
        await UdpEcho.Run(_remote, _own, "10.9.1.2");
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    [Fact]
    public async Task Of_one_that_fails_in_the_middle_nothing_is_left()
    {
        using RunningDaemon daemon = await RunningDaemon.Start(FullBut(1));

        // There is room for the interface, and then none for its stack.
        PtnetResult refused = await daemon.Run("switch", "attach", "vale0", "netmap:nic0", "--host", "--netns",
            _own.Path, "--slots", "64");

        Assert.Equal(1, refused.Code);
        Assert.Contains($"has {MostPorts} ports", refused.Errors, StringComparison.Ordinal);
        Assert.Empty((await daemon.Json("bridge", "ls")).EnumerateArray());
        Assert.Equal(MostPorts - 1, (await Names(daemon, "port")).Length);
        Assert.True(SpinWait.SpinUntil(() => _own.XdpProgram("nic0") == 0, Patience), "the program stays");
        await UdpEcho.Run(_remote, _own, "10.9.1.2");

        await daemon.Ptnet("port", "rm", "vale0:p0");
        await daemon.Ptnet("switch", "attach", "vale0", "netmap:nic0", "--host", "--netns", _own.Path, "--slots", "64");
        Assert.Equal(2, (await daemon.Json("bridge", "ls")).GetArrayLength());
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    [Fact]
    public async Task Beside_another_change_it_is_whole_or_not_there()
    {
        using RunningDaemon daemon = await RunningDaemon.Start();
        using HttpClient http = ControlSocket.ClientOf(Path.Combine(daemon.RunDirectory, "control.sock"));
        using var over = new CancellationTokenSource();

        // Another one wants the name that the stack's port on the switch has.
        Task other = Task.Run(() => ComeAndGo(http, over.Token), TestContext.Current.CancellationToken);
        string body =
            $$$"""{"switch":"vale0","port":"netmap:nic0","stack":true,"slots":64,"host":{"netns":"{{{_own.Path}}}"}}""";
        for (int round = 0; round < 12; round++)
        {
            HttpStatusCode answer = await Send(http, HttpMethod.Post, "/v1/attachments", body);
            JsonElement[] there = [.. (await Get(http, "/v1/attachments")).EnumerateArray()];
            Assert.Contains(answer, (HttpStatusCode[])[HttpStatusCode.Created, HttpStatusCode.Conflict]);
            if (answer == HttpStatusCode.Created)
            {
                Assert.Equal(2, Assert.Single(there).GetProperty("bridges").GetArrayLength());
                Assert.Equal(HttpStatusCode.NoContent,
                    await Send(http, HttpMethod.Delete, "/v1/attachments/netmap%3Anic0?switch=vale0"));
            }

            Assert.Empty((await Get(http, "/v1/bridges")).EnumerateArray());
        }

        await over.CancelAsync();
        await other;
        Assert.Empty((await Get(http, "/v1/ports")).EnumerateArray());
        Assert.Empty((await Get(http, "/v1/domains")).EnumerateArray());
        Assert.Equal(0, (await daemon.Stop()).Code);
    }

    private static async Task ComeAndGo(HttpClient http, CancellationToken over)
    {
        while (!over.IsCancellationRequested)
        {
            _ = await Send(http, HttpMethod.Post, "/v1/ports",
                $$"""{"name":"{{StackMember}}","slots":64,"transport":"none"}""");
            _ = await Send(http, HttpMethod.Delete, $"/v1/ports/{Uri.EscapeDataString(StackMember)}");
        }
    }

    // A switch that has room for so many more ports.
    private static string FullBut(int room)
    {
        var text = new StringBuilder("[[domain]]\nname = \"d\"\n");
        for (int i = 0; i < MostPorts - room; i++)
        {
            text.Append($"[[port]]\nname = \"vale0:p{i}\"\ndomain = \"d\"\nslots = 64\ntransport = \"none\"\n");
        }

        return text.ToString();
    }

    private static async Task<string[]> Names(RunningDaemon daemon, string kind) =>
        [.. (await daemon.Json(kind, "ls")).EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];

    private static async Task<JsonElement> Get(HttpClient http, string path) =>
        JsonDocument.Parse(await http.GetStringAsync(path, TestContext.Current.CancellationToken)).RootElement;

    private static async Task<HttpStatusCode> Send(HttpClient http, HttpMethod method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
