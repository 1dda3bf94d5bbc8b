using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.HostPorts.Pcap;
using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Ports.Pipes;
using Ptnetmap.Ports.Switching;

namespace Ptnetmap.Daemon.Api;

/// <summary>Writes answers. What the rooms below refuse goes to the caller with its own text: that names the limit and
/// the option that changes it.</summary>
internal static class ApiAnswer
{
    // Numbers of errno.h.
    private const int Missing = 2;
    private const int NoAddress = 6;
    private const int Forbidden = 13;
    private const int Busy = 16;
    private const int Exists = 17;
    private const int NoDevice = 19;
    private const int NoDirectory = 20;
    private const int IsDirectory = 21;
    private const int TooManyFiles = 24;
    private const int ReadOnly = 30;
    private const int TooLong = 36;
    private const int Loop = 40;

    /// <summary>Writes a value as JSON, into the connection's own buffers.</summary>
    internal static async Task Write<T>(HttpContext http, int status, T value, JsonTypeInfo<T> type,
        string content = "application/json")
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = content;
        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, value, type, http.RequestAborted);
    }

    /// <summary>Writes a problem. Whoever reads it on a terminal is not to obey what was sent.</summary>
    internal static Task Write(HttpContext http, Problem problem) => Write(
        http,
        problem.Status,
        problem with
        {
            Detail = Printable.Lines(problem.Detail),
            Errors = problem.Errors is null
                ? null
                : [.. problem.Errors.Select(fault =>
                    new Fault(Printable.Line(fault.Key), Printable.Lines(fault.Text)))],
        },
        ApiJson.Plain.Problem,
        "application/problem+json");

    /// <summary>What to answer to a failure; null when it is none that a caller can do something about.</summary>
    internal static Problem? ProblemOf(Exception failure) => failure switch
    {
        RefusalException refusal => Of(refusal),
        PortNameException => Make("name", "bad port name", StatusCodes.Status400BadRequest, failure),
        JsonException json => Make("json", "bad JSON", StatusCodes.Status400BadRequest, json),
        BadHttpRequestException bad => Make("http", "bad request", bad.StatusCode, bad),
        RegionLimitException => Make("limit", "limit reached", StatusCodes.Status409Conflict, failure),
        SocketException { SocketErrorCode: SocketError.TooManyOpenSockets } or IOException { HResult: TooManyFiles } =>
            Make("machine", "the machine refused", StatusCodes.Status503ServiceUnavailable,
                $"no descriptor is left; {ResourceLimits.DescribeDescriptors()}"),
        SwitchException or PipeException or InvalidOperationException =>
            Make("conflict", "does not go with what is there", StatusCodes.Status409Conflict, failure),
        PcapException => Make("file", "bad file", StatusCodes.Status400BadRequest, failure),
        LinuxException linux when CauseOf(linux) is { } cause => Make(cause.Kind, cause.Title, cause.Status, linux),
        UnauthorizedAccessException => Make("forbidden", "not allowed", StatusCodes.Status403Forbidden, failure),
        FileNotFoundException or DirectoryNotFoundException or PathTooLongException =>
            Make("file", "bad file", StatusCodes.Status400BadRequest, failure),
        OutOfMemoryException => Make(
            "machine", "the machine refused", StatusCodes.Status503ServiceUnavailable,
            $"there is no room for more memory or another thread; {ResourceLimits.DescribeThreads()}"),
        LinuxException or RunDirectoryException or IOException =>
            Make("machine", "the machine refused", StatusCodes.Status503ServiceUnavailable, failure),
        _ => null,
    };

    /// <summary>A problem of no special kind.</summary>
    internal static Problem Make(string kind, string title, int status, string detail) =>
        new() { Type = $"urn:ptnet:problem:{kind}", Title = title, Status = status, Detail = detail };

    // What the kernel says of a file, a namespace or an interface that a caller named; of what is missing in the
    // machine itself it says the same.
    private static (string Kind, string Title, int Status)? CauseOf(LinuxException failure) =>
        failure.Call.Contains("(/dev/", StringComparison.Ordinal) ? null : failure.Errno switch
        {
            Missing or NoDevice or NoAddress or NoDirectory or IsDirectory or TooLong or Loop or ReadOnly =>
                ("named", "what was named cannot be used", StatusCodes.Status400BadRequest),
            Forbidden => ("forbidden", "not allowed", StatusCodes.Status403Forbidden),
            Busy or Exists => ("conflict", "does not go with what is there", StatusCodes.Status409Conflict),
            // An interface or namespace that was looked for, without a call that failed.
            0 when failure.Message.Contains("there is no ", StringComparison.Ordinal) =>
                ("named", "what was named cannot be used", StatusCodes.Status400BadRequest),
            _ => null,
        };

    private static Problem Make(string kind, string title, int status, Exception failure) =>
        Make(kind, title, status, failure.Message);

    private static Problem Of(RefusalException refusal)
    {
        (string kind, string title, int status) = refusal.Kind switch
        {
            RefusalKind.NotFound => ("not-found", "not found", StatusCodes.Status404NotFound),
            RefusalKind.Conflict => ("conflict", "does not go with what is there", StatusCodes.Status409Conflict),
            RefusalKind.Busy => ("busy", "another change is under way", StatusCodes.Status503ServiceUnavailable),
            _ => ("settings", "bad settings", StatusCodes.Status400BadRequest),
        };
        return Make(kind, title, status, refusal) with { Errors = refusal.Faults.Count > 0 ? refusal.Faults : null };
    }
}
