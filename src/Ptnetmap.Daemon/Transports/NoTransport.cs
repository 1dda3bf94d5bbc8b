using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Daemon.Transports;

/// <summary>Nobody gets in: the port is there, and waits to be given another transport.</summary>
public sealed class NoTransport(TransportContext context) : IPortTransport
{
    /// <summary>The kind's name.</summary>
    public const string Name = "none";

    /// <inheritdoc/>
    public string Kind => Name;

    /// <inheritdoc/>
    public TransportState State => TransportState.Detached;

    /// <inheritdoc/>
    public string? Endpoint => null;

    /// <inheritdoc/>
    public string? Note => null;

    /// <inheritdoc/>
    public GuestCounters? Guest => null;

    /// <inheritdoc/>
    public DeviceState? Device => null;

    /// <inheritdoc/>
    public void Attach() => throw new RefusalException(
        RefusalKind.Conflict,
        $"port {context.Port.Name} has transport 'none', so no guest can come; name a program for a guest thread " +
        "(option --program), or add it with transport 'qemu'");

    /// <inheritdoc/>
    public void Detach()
    {
        // Nobody is there.
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        // Nothing is held.
    }
}
