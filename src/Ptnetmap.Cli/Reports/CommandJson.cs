using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Ptnetmap.Lab.LinuxGuests;

namespace Ptnetmap.Cli.Reports;

/// <summary>JSON of commands that measure nothing on a bed, generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true)]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(GuestListReport))]
[JsonSerializable(typeof(GuestRunReport))]
[JsonSerializable(typeof(GuestProbeReport))]
internal sealed partial class CommandJson : JsonSerializerContext
{
    /// <summary>As text for terminals and files.</summary>
    internal static CommandJson Plain => field ??= Make(indented: true);

    /// <summary>One line a report: those of a virtual machine are read from a serial console, among other
    /// things.</summary>
    internal static CommandJson Line => field ??= Make(indented: false);

    private static CommandJson Make(bool indented) => new(new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = indented,
    });
}
