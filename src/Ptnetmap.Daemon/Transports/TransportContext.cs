using Microsoft.Extensions.Logging;
using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Daemon.Hosting;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports;

namespace Ptnetmap.Daemon.Transports;

/// <summary>What a transport is given of the daemon.</summary>
public sealed record TransportContext
{
    /// <summary>The port.</summary>
    public required Port Port { get; init; }

    /// <summary>Its guest's settings.</summary>
    public required EndSettings Settings { get; init; }

    /// <summary>The address that the guest is given.</summary>
    public required MacAddress Mac { get; init; }

    /// <summary>What it shares with all ports.</summary>
    public required Host Host { get; init; }

    /// <summary>What the loops do when they run dry.</summary>
    public required NotificationPolicy Policy { get; init; }

    /// <summary>Where sockets go.</summary>
    public required RunDirectory RunDirectory { get; init; }

    /// <summary>Where to say what happens.</summary>
    public required ILogger Log { get; init; }

    /// <summary>To be called when a guest has come or gone.</summary>
    public required Action GuestChanged { get; init; }
}
