using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Running;
using Ptnetmap.Linux;

namespace Ptnetmap.Daemon.Api;

/// <summary>All that the API does; <c>openapi.json</c> is made of this.</summary>
internal static class ApiRoutes
{
    private const string Text = "text/plain; version=0.0.4; charset=utf-8";

    private static ApiJson Json => ApiJson.Plain;

    /// <summary>The routes.</summary>
    internal static IReadOnlyList<ApiRoute> All { get; } =
    [
        Get("/v1/daemon", "The daemon, its workers and its garbage collections", Json.DaemonReport,
            (_, all) => DaemonReport.Of(all)),

        Get("/v1/domains", "Trust domains", Json.IReadOnlyListDomainReport,
            (_, all) => [.. all.Domains.Select(domain => DomainReport.Of(domain, all))]),
        Post("/v1/domains", "Make a trust domain", SettingTables.Domain, SettingsRules.Check, Json.DomainReport,
            (all, settings) => DomainReport.Of(all.AddDomain(settings), all)),
        Get("/v1/domains/{name}", "A trust domain", Json.DomainReport,
            (http, all) => DomainReport.Of(all.FindDomain(Name(http)), all)),
        Delete("/v1/domains/{name}", "Remove a trust domain without ports",
            (http, all) => all.RemoveDomain(Name(http))),

        Get("/v1/switches", "VALE switches", Json.IReadOnlyListSwitchReport, (_, all) => [.. SwitchReport.All(all)]),
        Get("/v1/switches/{name}", "A switch and its ports", Json.SwitchReport,
            (http, all) => FindSwitch(all, Name(http))),

        Get("/v1/ports", "Ports, ends of pipes included", Json.IReadOnlyListPortReport,
            (_, all) => [.. all.Ports.Select(port => PortReport.Of(port, detailed: false))]),
        Post("/v1/ports", "Open a port of a switch", SettingTables.Port, SettingsRules.Check, Json.PortReport,
            (all, settings) => Detailed(all.AddPort(settings))),
        Get("/v1/ports/{name}", "A port with the state of its rings", Json.PortReport,
            (http, all) => Detailed(all.FindPort(Name(http)))),
        Delete("/v1/ports/{name}", "Close a port; its guest is detached", (http, all) => all.RemovePort(Name(http))),
        new("POST", "/v1/ports/{name}/attach",
            "Let guests in; with a body: let a guest thread of the daemon use the port",
            ResultOf(Json.PortReport), Attach) { Body = SettingTables.Guest, IsBodyOptional = true },
        new("POST", "/v1/ports/{name}/detach", "Take the guest off: link down, loops stopped",
            ResultOf(Json.PortReport), Detach),

        Get("/v1/pipes", "Pipes", Json.IReadOnlyListPipeReport, (_, all) => [.. all.Pipes.Select(PipeReport.Of)]),
        Post("/v1/pipes", "Make a pipe, both ends", SettingTables.Pipe, SettingsRules.Check, Json.PipeReport,
            (all, settings) => PipeReport.Of(all.AddPipe(settings))),
        Get("/v1/pipes/{name}", "A pipe", Json.PipeReport, (http, all) => PipeReport.Of(all.FindPipe(Name(http)))),
        Delete("/v1/pipes/{name}", "Remove a pipe; guests at its ends are detached",
            (http, all) => all.RemovePipe(Name(http))),

        Get("/v1/bridges", "Ports that are connected with each other", Json.IReadOnlyListBridgeReport,
            (_, all) => [.. all.Bridges.Select(BridgeReport.Of)]),
        Post("/v1/bridges", "Connect two ports; those that are not there are made", SettingTables.Bridge,
            SettingsRules.Check, Json.BridgeReport,
            (all, settings) => BridgeReport.Of(all.AddBridge(settings))),
        Get("/v1/bridges/{name}", "A bridge, by either of its ports", Json.BridgeReport,
            (http, all) => BridgeReport.Of(all.FindBridge(Name(http)))),
        Delete("/v1/bridges/{name}", "Part two ports; those that were made for the bridge are closed",
            (http, all) => all.RemoveBridge(Name(http), SwitchOf(http))) with
        {
            Query = [new("switch", "Refuse unless the other port is on this switch", JsonSchema.Of("string"))],
        },

        Get("/v1/attachments", "Interfaces of the host that were put on switches", Json.IReadOnlyListAttachmentReport,
            (_, all) => [.. all.Attachments.Select(AttachmentReport.Of)]),
        Post("/v1/attachments", "Put an interface on a switch, its stack too if asked for: all of it or nothing",
            SettingTables.Attachment, AttachmentRules.Check, Json.AttachmentReport,
            (all, settings) => AttachmentReport.Of(all.AddAttachment(settings))),
        Get("/v1/attachments/{name}", "What was made to put an interface on a switch, by the interface's port",
            Json.AttachmentReport,
            (http, all) => AttachmentReport.Of(all.FindAttachment(Name(http)))),
        Delete("/v1/attachments/{name}", "Take an interface off its switch: what was made to put it there goes",
            (http, all) => all.RemoveAttachment(Name(http), SwitchOf(http))) with
        {
            Query = [new("switch", "Refuse unless it is on this switch", JsonSchema.Of("string"))],
        },

        Get("/v1/stats", "Counters of all rings", Json.StatsReport, (_, all) => Stats(all.Ports)),
        Get("/v1/stats/{name}", "Counters of a port's rings", Json.StatsReport,
            (http, all) => Stats([all.FindPort(Name(http))])),

        Get("/v1/vm/arguments", "QEMU's arguments for a virtual machine with these ports", Json.VmReport,
            (http, all) => VmArguments.Of(all, VmOf(http.Request.Query))) with
        {
            Query =
            [
                new("port", "The ports, in the order in which the guest finds them",
                    JsonSchema.Of("array", ("items", JsonSchema.Of("string")), ("minItems", 1)), IsRequired: true),
                .. SettingTables.Vm.All.Select(setting => new ApiParameter(setting.Name, setting.Help, setting.Schema)),
            ],
        },

        new("GET", "/metrics", "Counters in Prometheus' text format", new(StatusCodes.Status200OK, "OK", "text/plain"),
            Metrics),
        new("GET", "/openapi.json", "This document", new(StatusCodes.Status200OK, "OK", "application/json"),
            Description),
    ];

    /// <summary>The API's description.</summary>
    internal static byte[] OpenApiDocument => field ??= OpenApi.Describe(All);

    private static ApiRoute Get<T>(string path, string summary, JsonTypeInfo<T> type,
        Func<HttpContext, Inventory, T> read) =>
        new("GET", path, summary, ResultOf(type), (http, all) => Ok(http, read(http, all), type));

    private static ApiRoute Post<TSettings, T>(
        string path, string summary, SettingTable<TSettings> body, Func<TSettings, IEnumerable<Fault>> rules,
            JsonTypeInfo<T> type,
        Func<Inventory, TSettings, T> make)
        where TSettings : class, new() =>
        new("POST", path, summary, new(StatusCodes.Status201Created, "Made", "application/json", type),
            async (http, all) =>
            await ApiAnswer.Write(http, StatusCodes.Status201Created,
                make(all, await RequestBody.Read(http, body, rules)), type))
        {
            Body = body,
        };

    private static ApiRoute Delete(string path, string summary, Action<HttpContext, Inventory> remove) =>
        new("DELETE", path, summary, new(StatusCodes.Status204NoContent, "Done"), async (http, all) =>
        {
            await RequestBody.RequireNoSetting(http);
            remove(http, all);
            http.Response.StatusCode = StatusCodes.Status204NoContent;
        });

    private static ApiResult ResultOf(JsonTypeInfo type) =>
        new(StatusCodes.Status200OK, "OK", "application/json", type);

    private static async Task Attach(HttpContext http, Inventory all)
    {
        GuestSettings? guest = await RequestBody.ReadIfAny(http, SettingTables.Guest, SettingsRules.Check);
        await Ok(http, Detailed(all.Attach(Name(http), guest)), Json.PortReport);
    }

    private static async Task Detach(HttpContext http, Inventory all)
    {
        await RequestBody.RequireNoSetting(http);
        await Ok(http, Detailed(all.Detach(Name(http))), Json.PortReport);
    }

    private static string Name(HttpContext http) => RequestName.Of(http);

    // The switch that something is to be on; null: whichever it is.
    private static string? SwitchOf(HttpContext http) => http.Request.Query.TryGetValue("switch", out StringValues vale)
        ? vale.ToString() : null;

    private static PortReport Detailed(ServedPort port) => PortReport.Of(port, detailed: true);

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
            RefusalKind.NotFound, "no switch " +
                $"'{Printable.Name(name)}'; a switch comes with its first port (ptnet port add SWITCH:PORT)");

    private static Task Ok<T>(HttpContext http, T value, JsonTypeInfo<T> type) =>
        ApiAnswer.Write(http, StatusCodes.Status200OK, value, type);

    private static async Task Metrics(HttpContext http, Inventory all)
    {
        http.Response.ContentType = Text;
        new MetricsWriter(http.Response.BodyWriter).Write(all);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private static async Task Description(HttpContext http, Inventory all)
    {
        http.Response.ContentType = "application/json";
        await http.Response.Body.WriteAsync(OpenApiDocument, http.RequestAborted);
    }
}
