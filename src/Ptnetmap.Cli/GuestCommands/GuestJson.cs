using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ptnetmap.Lab.Reporting;

namespace Ptnetmap.Cli.GuestCommands;

/// <summary>JSON of the commands inside a virtual machine, generated at compile time. One line a report: they are read
/// from a serial console, among other things.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = false)]
[JsonSerializable(typeof(GuestListReport))]
[JsonSerializable(typeof(GuestRunReport))]
[JsonSerializable(typeof(GuestProbeReport))]
internal sealed partial class GuestJson : JsonSerializerContext
{
    /// <summary>As text for terminals and files.</summary>
    internal static GuestJson Plain => field ??= new GuestJson(
        new JsonSerializerOptions(Default.GeneratedSerializerOptions!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
}
