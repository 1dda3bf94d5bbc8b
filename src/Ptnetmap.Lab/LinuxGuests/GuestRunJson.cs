using System.Text.Json.Serialization;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>Reads what a program in a virtual machine reports, by code that is generated at compile time.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(GuestRunReport))]
internal sealed partial class GuestRunJson : JsonSerializerContext;
