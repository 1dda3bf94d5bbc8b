using Ptnetmap.Client;
using Ptnetmap.Passthrough;

namespace Ptnetmap.Daemon.Hosting;

/// <summary>The guest's side of an attachment, for guests that are threads of this process.</summary>
public static class LocalGuest
{
    /// <summary>Opens the port that <paramref name="attachment"/> lets a guest into; the attachment stays the
    /// caller's.</summary>
    /// <param name="attachment">The attachment.</param>
    /// <param name="idle">What waits do before they sleep; <see cref="IdleStrategy.Default"/> when null.</param>
    /// <exception cref="NetmapPortException">Region or CSB do not hold a port.</exception>
    public static NetmapPort Open(GuestAttachment attachment, IdleStrategy? idle = null) => NetmapPort.Open(
        new LocalChannel(
            attachment.Region,
            attachment.InterfaceOffset,
            attachment.Csb,
            attachment.Kicks,
            attachment.Interrupts,
            attachment.Assist),
        idle);
}
