using Ptnetmap.Linux;
using Ptnetmap.Memory;
using Ptnetmap.Passthrough;

namespace Ptnetmap.MicroVm;

/// <summary>A port as a machine sees it: what there is to map, to ring and to wait for.</summary>
/// <param name="Region">The region that the port lives in; all of it becomes visible to the guest.</param>
/// <param name="InterfaceOffset">Where its <c>netmap_if</c> is.</param>
/// <param name="Shape">Rings and slots.</param>
/// <param name="Csb">The guest's CSB.</param>
/// <param name="Kicks">From the guest, one a ring, tx rings first.</param>
/// <param name="Interrupts">To the guest, one a ring, tx rings first.</param>
/// <param name="Assist">Does the host's pending work on the calling thread; called when the guest is about to sleep.</param>
public sealed record MicroVmPort(
    MemoryRegion Region,
    long InterfaceOffset,
    PortShape Shape,
    CsbMemory Csb,
    IReadOnlyList<EventFd> Kicks,
    IReadOnlyList<EventFd> Interrupts,
    Action Assist)
{
    /// <summary>The port behind an attachment.</summary>
    public static MicroVmPort From(GuestAttachment attachment) => new(
        attachment.Region,
        attachment.InterfaceOffset,
        attachment.Shape,
        attachment.Csb,
        attachment.Kicks,
        attachment.Interrupts,
        attachment.Assist);
}
