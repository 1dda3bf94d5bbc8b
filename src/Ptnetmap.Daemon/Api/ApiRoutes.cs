using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Api;

/// <summary>All that the API does. <c>openapi.json</c> describes the same; a test compares the two.</summary>
internal static class ApiRoutes
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";

    private static ApiJson Json => ApiJson.Plain;

    /// <summary>The routes.</summary>
    internal static IReadOnlyList<ApiRoute> All { get; } =
    [
        new("GET", "/v1/daemon", (http, all) => Ok(http, DaemonReport.Of(all), Json.DaemonReport)),

        new("GET", "/v1/domains", (http, all) =>
            Ok(http, [.. all.Domains.Select(domain => DomainReport.Of(domain, all))], Json.IReadOnlyListDomainReport)),
        new("POST", "/v1/domains", async (http, all) =>
            await Created(http, DomainReport.Of(all.AddDomain(await RequestBody.Read(http, SettingTables.Domain, SettingsRules.Check)), all), Json.DomainReport)),
        new("GET", "/v1/domains/{name}", (http, all) =>
            Ok(http, DomainReport.Of(all.FindDomain(Name(http)), all), Json.DomainReport)),
        new("DELETE", "/v1/domains/{name}", (http, all) => Done(http, () => all.RemoveDomain(Name(http)))),

        new("GET", "/v1/switches", (http, all) => Ok(http, [.. SwitchReport.All(all)], Json.IReadOnlyListSwitchReport)),
        new("GET", "/v1/switches/{name}", (http, all) => Ok(http, FindSwitch(all, Name(http)), Json.SwitchReport)),

        new("GET", "/v1/ports", (http, all) =>
            Ok(http, [.. all.Ports.Select(port => PortReport.Of(port, detailed: false))], Json.IReadOnlyListPortReport)),
        new("POST", "/v1/ports", async (http, all) =>
            await Created(http, PortReport.Of(all.AddPort(await RequestBody.Read(http, SettingTables.Port, SettingsRules.Check)), detailed: true), Json.PortReport)),
        new("GET", "/v1/ports/{name}", (http, all) => OkPort(http, all.FindPort(Name(http)))),
        new("DELETE", "/v1/ports/{name}", (http, all) => Done(http, () => all.RemovePort(Name(http)))),
        new("POST", "/v1/ports/{name}/attach", async (http, all) =>
            await OkPort(http, all.Attach(Name(http), await RequestBody.ReadIfAny(http, SettingTables.Guest, SettingsRules.Check)))),
        new("POST", "/v1/ports/{name}/detach", async (http, all) =>
        {
            await RequestBody.RequireNoSetting(http);
            await OkPort(http, all.Detach(Name(http)));
        }),

        new("GET", "/v1/pipes", (http, all) => Ok(http, [.. all.Pipes.Select(PipeReport.Of)], Json.IReadOnlyListPipeReport)),
        new("POST", "/v1/pipes", async (http, all) =>
            await Created(http, PipeReport.Of(all.AddPipe(await RequestBody.Read(http, SettingTables.Pipe, SettingsRules.Check))), Json.PipeReport)),
        new("GET", "/v1/pipes/{name}", (http, all) => Ok(http, PipeReport.Of(all.FindPipe(Name(http))), Json.PipeReport)),
        new("DELETE", "/v1/pipes/{name}", (http, all) => Done(http, () => all.RemovePipe(Name(http)))),

        new("GET", "/v1/bridges", (http, all) => Ok(http, [.. all.Bridges.Select(BridgeReport.Of)], Json.IReadOnlyListBridgeReport)),
        new("POST", "/v1/bridges", async (http, all) =>
            await Created(http, BridgeReport.Of(all.AddBridge(await RequestBody.Read(http, SettingTables.Bridge, SettingsRules.Check))), Json.BridgeReport)),
        new("GET", "/v1/bridges/{name}", (http, all) => Ok(http, BridgeReport.Of(all.FindBridge(Name(http))), Json.BridgeReport)),
        new("DELETE", "/v1/bridges/{name}", (http, all) => Done(http, () => all.RemoveBridge(Name(http), SwitchOf(http))))
        {
            QueryKeys = ["switch"],
        },

        new("GET", "/v1/attachments", (http, all) =>
            Ok(http, [.. all.Attachments.Select(AttachmentReport.Of)], Json.IReadOnlyListAttachmentReport)),
        new("POST", "/v1/attachments", async (http, all) => await Created(
            http, AttachmentReport.Of(all.AddAttachment(await RequestBody.Read(http, SettingTables.Attachment, AttachmentRules.Check))), Json.AttachmentReport)),
        new("GET", "/v1/attachments/{name}", (http, all) =>
            Ok(http, AttachmentReport.Of(all.FindAttachment(Name(http))), Json.AttachmentReport)),
        new("DELETE", "/v1/attachments/{name}", (http, all) => Done(http, () => all.RemoveAttachment(Name(http), SwitchOf(http))))
        {
            QueryKeys = ["switch"],
        },

        new("GET", "/v1/stats", (http, all) => Ok(http, Stats(all.Ports), Json.StatsReport)),
        new("GET", "/v1/stats/{name}", (http, all) => Ok(http, Stats([all.FindPort(Name(http))]), Json.StatsReport)),

        new("GET", "/v1/vm/arguments", (http, all) => Ok(http, VmArguments.Of(all, VmOf(http.Request.Query)), Json.VmReport))
        {
            QueryKeys = ["port", .. SettingTables.Vm.All.Select(setting => setting.Name)],
        },

        new("GET", "/metrics", Metrics),
        new("GET", "/openapi.json", OpenApi),
    ];

    /// <summary>The API's description.</summary>
    internal static byte[] OpenApiDocument { get; } = ReadDocument();

    private static string Name(HttpContext http) => RequestName.Of(http);

    // The switch that something is to be on; null: whichever it is.
    private static string? SwitchOf(HttpContext http) => http.Request.Query.TryGetValue("switch", out StringValues vale) ? vale.ToString() : null;

    private static Task OkPort(HttpContext http, ServedPort port) =>
        Ok(http, PortReport.Of(port, detailed: true), Json.PortReport);

    private static StatsReport Stats(IEnumerable<ServedPort> ports) =>
        new(LinuxThread.MonotonicNanoseconds, [.. ports.Select(PortStats.Of)]);

    private static VmSettings VmOf(IQueryCollection query)
    {
        var faults = new FaultList(before: "");
        VmSettings vm = new Section("", RequestQuery.TableOf(query, SettingTables.Vm), faults).Read(SettingTables.Vm);
        faults.ThrowIfAny();
        return vm with { Ports = [.. query["port"].OfType<string>()] };
    }

    private static SwitchReport FindSwitch(Inventory all, string name) =>
        SwitchReport.Find(all, name) ?? throw new RefusalException(
            RefusalKind.NotFound, $"no switch '{Printable.Name(name)}'; a switch comes with its first port (ptnet port add SWITCH:PORT)");

    private static Task Ok<T>(HttpContext http, T value, JsonTypeInfo<T> type) =>
        ApiAnswer.Write(http, StatusCodes.Status200OK, value, type);

    private static Task Created<T>(HttpContext http, T value, JsonTypeInfo<T> type) =>
        ApiAnswer.Write(http, StatusCodes.Status201Created, value, type);

    private static async Task Done(HttpContext http, Action action)
    {
        await RequestBody.RequireNoSetting(http);
        action();
        http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private static async Task Metrics(HttpContext http, Inventory all)
    {
        http.Response.ContentType = Text;
        new MetricsWriter(http.Response.BodyWriter).Write(all);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static async Task OpenApi(HttpContext http, Inventory all)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(OpenApiDocument, http.RequestAborted);
    }

    private static byte[] ReadDocument()
    {
        using Stream resource = typeof(ApiRoutes).Assembly.GetManifestResourceStream("openapi.json")!;
        var document = new byte[resource.Length];
        resource.ReadExactly(document);
        return document;
    }
}
