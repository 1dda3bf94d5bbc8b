using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Daemon.Transports;

/// <summary>A port's device and its client, as they were a moment ago.</summary>
public readonly record struct DeviceState
{
    /// <summary>The socket of the ptnet device.</summary>
    public required string Socket { get; init; }

    /// <summary>The socket of the memdev of the port's region, for the same VM.</summary>
    public required string MemorySocket { get; init; }

    /// <summary>True while a QEMU has the ptnet device.</summary>
    public required bool IsConnected { get; init; }

    /// <summary>True while a QEMU has the memdev.</summary>
    public required bool IsMemoryConnected { get; init; }

    /// <summary>Where the guest has its CSB.</summary>
    public required CsbKind Csb { get; init; }

    /// <summary>How it has itself interrupted.</summary>
    public required InterruptKind Interrupts { get; init; }

    /// <summary>The features that were negotiated (<c>PTFEAT</c>).</summary>
    public required uint Features { get; init; }

    /// <summary>Bytes of the virtio-net header, 0 without.</summary>
    public required uint HeaderLength { get; init; }

    /// <summary>Kicks that came as messages.</summary>
    public required long Kicks { get; init; }

    /// <summary>Messages of both devices' clients.</summary>
    public required long Messages { get; init; }

    /// <summary>What they asked for and was refused.</summary>
    public required long Refusals { get; init; }
}
