using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Ptnetmap.Lab.Reporting;

/// <summary>JSON of all reports, generated at compile time: nothing is looked up at run time, so it works compiled
/// ahead.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DictionaryKeyPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(BenchReport))]
[JsonSerializable(typeof(BenchSeries))]
[JsonSerializable(typeof(MatrixReport))]
public sealed partial class ReportJson : JsonSerializerContext
{
    /// <summary>As text for terminals and files: <c>&gt;</c> stays what it is, for this is no web page.</summary>
    public static ReportJson Plain => field ??= new ReportJson(
        new JsonSerializerOptions(Default.GeneratedSerializerOptions!)
        {
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
}
