using Ptnetmap.Traffic.Programs;

namespace Ptnetmap.Daemon.Transports;

/// <summary>How guests reach one port: not at all, as a thread, as a device of a VM. Its methods are called by one
/// thread at a time; properties by any.</summary>
public interface IPortTransport : IDisposable
{
    /// <summary>Its kind, as in the settings.</summary>
    public string Kind { get; }

    /// <summary>How far the guest has come.</summary>
    public TransportState State { get; }

    /// <summary>Where a guest connects to (a socket's path); null when there is no such place.</summary>
    public string? Endpoint { get; }

    /// <summary>What there is to say about its guest; null when there is nothing.</summary>
    public string? Note { get; }

    /// <summary>What a guest of the daemon's own has done; null for other guests.</summary>
    public GuestCounters? Guest { get; }

    /// <summary>The device that a VM's guest drives; null for guests without one.</summary>
    public DeviceState? Device { get; }

    /// <summary>Looks after a guest, about once a second while there is one: what it does not tell is found out. Does
    /// not wait. Any thread may call it.</summary>
    public void LookAfter()
    {
    }

    /// <summary>Waits until whatever serves the guest answers, or has not for too long: before a change, so that others
    /// do not wait for it. Any thread may call it.</summary>
    public void AwaitAnswer()
    {
    }

    /// <summary>Lets guests in (link up).</summary>
    public void Attach();

    /// <summary>Takes the guest's rings away, whatever it is doing, and lets nobody in until <see cref="Attach"/>: link
    /// down, loops stopped. On return nothing of the guest's is used any more.</summary>
    public void Detach();
}
