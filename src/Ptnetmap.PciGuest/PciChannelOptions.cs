using Ptnetmap.PciGuest.Interrupts;

namespace Ptnetmap.PciGuest;

/// <summary>How a port in a virtual machine is opened.</summary>
public sealed record PciChannelOptions
{
    /// <summary>Which interrupts; the others are not tried unless it is <see cref="InterruptKind.Auto"/>.</summary>
    public InterruptKind Interrupts { get; init; }

    /// <summary>Use the device's BAR for the CSB where it has one; without, guest memory is shared with the
    /// host.</summary>
    public bool CsbBar { get; init; } = true;

    /// <summary>Ask for the virtio-net header; <see cref="PciChannel.VnetHeaderLength"/> says whether it was granted.
    /// For programs that put one before each frame.</summary>
    public bool Offloads { get; init; }

    /// <summary>Told, a line each, what works less well than it could, and why.</summary>
    public Action<string>? Note { get; init; }
}
