using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ptnetmap.Daemon.Configuration;

namespace Ptnetmap.Daemon.Api;

/// <summary>JSON of the API, generated at compile time. Members that nobody knows are refused: a mistyped setting would
/// otherwise be left at its default in silence.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(DaemonReport))]
[JsonSerializable(typeof(IReadOnlyList<DomainReport>))]
[JsonSerializable(typeof(IReadOnlyList<SwitchReport>))]
[JsonSerializable(typeof(IReadOnlyList<PortReport>))]
[JsonSerializable(typeof(IReadOnlyList<PipeReport>))]
[JsonSerializable(typeof(IReadOnlyList<BridgeReport>))]
[JsonSerializable(typeof(IReadOnlyList<AttachmentReport>))]
[JsonSerializable(typeof(StatsReport))]
[JsonSerializable(typeof(VmReport))]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(DomainSettings))]
[JsonSerializable(typeof(PortSettings))]
[JsonSerializable(typeof(PipeSettings))]
[JsonSerializable(typeof(BridgeSettings))]
[JsonSerializable(typeof(AttachmentSettings))]
[JsonSerializable(typeof(GuestSettings))]
public sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>As text for programs and terminals: quotes stay readable, for this is no web page.</summary>
    public static ApiJson Plain => field ??= new ApiJson(
        new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
