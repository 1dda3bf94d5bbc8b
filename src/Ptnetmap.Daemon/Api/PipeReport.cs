using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>A pipe.</summary>
/// <param name="Name">Its master end's name.</param>
/// <param name="Domain">Its trust domain.</param>
/// <param name="Master">The end <c>NAME{ID</c>.</param>
/// <param name="Slave">The end <c>NAME}ID</c>.</param>
public sealed record PipeReport(string Name, string Domain, PortReport Master, PortReport Slave)
{
    internal static PipeReport Of(ServedPipe pipe) => new(
        pipe.Name, pipe.Master.Domain.Name, PortReport.Of(pipe.Master, detailed: false), PortReport.Of(pipe.Slave,
            detailed: false));
}
