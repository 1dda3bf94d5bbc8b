using Ptnetmap.Daemon.Running;

namespace Ptnetmap.Daemon.Api;

/// <summary>A port.</summary>
public sealed record PortReport
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its trust domain.</summary>
    public required string Domain { get; init; }

    /// <summary>The pipe that it is an end of.</summary>
    public string? Pipe { get; init; }

    /// <summary>The port that it is connected with inside the daemon.</summary>
    public string? Bridge { get; init; }

    /// <summary>Its VLANs, on a switch that has some.</summary>
    public VlanReport? Vlans { get; init; }

    /// <summary>Ring pairs.</summary>
    public required int Rings { get; init; }

    /// <summary>Slots a ring.</summary>
    public required int Slots { get; init; }

    /// <summary>The guest's address.</summary>
    public required string Mac { get; init; }

    /// <summary>Kind of register BAR: io or memory.</summary>
    public required string Bar { get; init; }

    /// <summary>Notification policy.</summary>
    public required string Policy { get; init; }

    /// <summary>True for a port that stops its sender and never drops.</summary>
    public required bool BackPressure { get; init; }

    /// <summary>How guests come in.</summary>
    public required string Transport { get; init; }

    /// <summary>detached, waiting, attached or lost.</summary>
    [Schema("detached", "waiting", "attached", "lost")]
    public required string State { get; init; }

    /// <summary>Where a guest connects to.</summary>
    public string? Endpoint { get; init; }

    /// <summary>What there is to say about its guest.</summary>
    public string? Note { get; init; }

    /// <summary>What a guest of transport <c>thread</c> has done.</summary>
    public GuestReport? Guest { get; init; }

    /// <summary>The device of transport <c>qemu</c>; only when one port is asked for.</summary>
    public DeviceReport? Device { get; init; }

    /// <summary>The other side of a port of the host; only when one port is asked for.</summary>
    public HostReport? Host { get; init; }

    /// <summary>State and counters of each ring; only when one port is asked for.</summary>
    public IReadOnlyList<RingReport>? RingState { get; init; }

    internal static PortReport Of(ServedPort port, bool detailed)
    {
        Transports.IPortTransport transport = port.Transport;
        return new PortReport
        {
            Name = port.Name,
            Domain = port.Domain.Name,
            Pipe = port.Pipe?.Name,
            Bridge = port.Bridge?.Other(port).Name,
            Vlans = VlanReport.Of(port.Port),
            Rings = port.Shape.TxRings,
            Slots = port.Shape.TxSlots,
            Mac = port.Mac.ToString(),
            Bar = port.Context.Settings.Bar,
            Policy = port.Context.Policy.Name,
            BackPressure = port.Port.HasBackPressure,
            Transport = transport.Kind,
            State = transport.State.ToString().ToLowerInvariant(),
            Endpoint = transport.Endpoint,
            Note = transport.Note,
            Guest = detailed ? GuestReport.Of(transport.Guest) : null,
            Device = detailed ? DeviceReport.Of(transport.Device) : null,
            Host = detailed ? HostReport.Of(port.Port) : null,
            RingState = detailed ? [.. port.Port.TxRings.Concat(port.Port.RxRings).Select(RingReport.Of)] : null,
        };
    }
}
