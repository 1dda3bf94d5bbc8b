using Ptnetmap.Passthrough;
using Ptnetmap.Ports;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Qemu.Devices;

/// <summary>What a ptnet device is made of.</summary>
/// <param name="Port">The port that it passes through.</param>
/// <param name="Workers">Who runs its sync loops.</param>
/// <param name="Policy">When they sleep.</param>
/// <param name="Quiescence">The one that the port was made with.</param>
public sealed record PtnetOptions(Port Port, WorkerPool Workers, NotificationPolicy Policy, Quiescence Quiescence)
{
    /// <summary>The interface's address in the guest.</summary>
    public MacAddress Mac { get; init; } = MacAddress.Local(1);

    /// <summary>What the registers' BAR is.</summary>
    public BarKind Registers { get; init; } = BarKind.Io;

    /// <summary>Takes a CSB in memory that the client could shrink (no memfd, or not sealed). If it does, the guest's
    /// CSB reads as zeros from then on; the daemon goes on.</summary>
    public bool AllowUnsealedMemory { get; init; }

    /// <summary>Called on the device thread when the guest's sync loops have started or stopped: must not
    /// block.</summary>
    public Action? RunningChanged { get; init; }

    /// <summary>Called on the device thread when memory of the guest's was taken away from under the loops, which have
    /// been stopped, with what happened: must not block.</summary>
    public Action<string>? MemoryLost { get; init; }

    /// <summary>Called on the device thread when signalling the client's eventfds was found dear: must not
    /// block.</summary>
    public Action? InterruptsDear { get; init; }

    /// <summary>A clock in nanoseconds, for a test; null: the system's.</summary>
    internal Func<long>? Wall { get; init; }

    /// <summary>The calling thread's CPU time in nanoseconds, for a test; null: the kernel's.</summary>
    internal Func<long>? Cpu { get; init; }

    /// <summary>Grants the virtio-net header (checksum offload, 64 KB segments) where the port can use it.</summary>
    public bool Offloads { get; init; } = true;

    /// <summary>Offers our own additions: a CSB in BAR 4 and an interrupt status register. Upstream drivers never
    /// look.</summary>
    public bool Extensions { get; init; } = true;
}
