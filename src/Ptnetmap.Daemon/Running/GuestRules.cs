using Ptnetmap.Daemon.Configuration;
using Ptnetmap.Traffic;

namespace Ptnetmap.Daemon.Running;

/// <summary>What a guest's settings may be where it is to run, and not just on their own.</summary>
internal static class GuestRules
{
    /// <summary>A sender's frames have to lie in one buffer of the port's trust domain.</summary>
    /// <param name="key">What the frame's length is called there.</param>
    /// <param name="guest">The guest; null when there is none.</param>
    /// <param name="domain">Where its port lies.</param>
    internal static IEnumerable<Fault> Fit(string key, GuestSettings? guest, TrustDomain domain)
    {
        int room = (int)domain.Region.Layout.Buffers.ObjectSize;
        return guest is { Program: "send" } && FrameTemplate.FootprintOf(guest.Frame) > room
            ? [new Fault(key, $"{guest.Frame} bytes do not fit in buffers of " +
                $"{room} bytes, trust domain {domain.Name}'s (buffer_size)")]
            : [];
    }
}
