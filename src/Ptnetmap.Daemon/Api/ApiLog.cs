using Microsoft.Extensions.Logging;

namespace Ptnetmap.Daemon.Api;

/// <summary>What the API says.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(EventId = 30, Level = LogLevel.Information, Message = "{Method} {Path}: refused with {Status}: {Detail} ({PassedOver} more since the last line)")]
    internal static partial void Refused(ILogger log, string method, string path, int status, string detail, long passedOver);

    [LoggerMessage(EventId = 31, Level = LogLevel.Error, Message = "{Method} {Path}: failed ({PassedOver} more since the last line)")]
    internal static partial void Failed(ILogger log, Exception failure, string method, string path, long passedOver);
}
