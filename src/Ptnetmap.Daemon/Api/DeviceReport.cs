using Ptnetmap.Daemon.Transports;

namespace Ptnetmap.Daemon.Api;

/// <summary>A port's device, its client and its guest's driver.</summary>
public sealed record DeviceReport
{
    private const uint VnetHeader = 1;

    /// <summary>Socket of the ptnet device.</summary>
    public required string Socket { get; init; }

    /// <summary>Socket of the memdev of the port's region; a VM with several ports of one region needs one of
    /// theirs.</summary>
    public required string MemorySocket { get; init; }

    /// <summary>True while a QEMU has the ptnet device.</summary>
    public required bool Connected { get; init; }

    /// <summary>True while a QEMU has the memdev.</summary>
    public required bool MemoryConnected { get; init; }

    /// <summary>Where the guest has its CSB: none (it has not started the port), memory (its own) or bar (BAR
    /// 4).</summary>
    [Schema("none", "memory", "bar")]
    public required string Csb { get; init; }

    /// <summary>How the guest has itself interrupted: none, msix or intx.</summary>
    [Schema("none", "msix", "intx")]
    public required string Interrupts { get; init; }

    /// <summary>What was negotiated: vnet_hdr.</summary>
    [Schema("vnet_hdr")]
    public required IReadOnlyList<string> Features { get; init; }

    /// <summary>Bytes of the virtio-net header before each packet, 0 without.</summary>
    public required uint HeaderLength { get; init; }

    /// <summary>Kicks that came as messages.</summary>
    public required long Kicks { get; init; }

    /// <summary>Messages of both devices' clients.</summary>
    public required long Messages { get; init; }

    /// <summary>What they asked for and was refused.</summary>
    public required long Refusals { get; init; }

    internal static DeviceReport? Of(DeviceState? state) => state is not { } device ? null : new DeviceReport
    {
        Socket = device.Socket,
        MemorySocket = device.MemorySocket,
        Connected = device.IsConnected,
        MemoryConnected = device.IsMemoryConnected,
        Csb = device.Csb.ToString().ToLowerInvariant(),
        Interrupts = device.Interrupts.ToString().ToLowerInvariant(),
        Features = (device.Features & VnetHeader) != 0 ? ["vnet_hdr"] : [],
        HeaderLength = device.HeaderLength,
        Kicks = device.Kicks,
        Messages = device.Messages,
        Refusals = device.Refusals,
    };
}
