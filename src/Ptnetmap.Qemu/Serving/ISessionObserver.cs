using Ptnetmap.Qemu.Devices;

namespace Ptnetmap.Qemu.Serving;

/// <summary>Learns what clients do, for the log. Called on the device thread: must not block.</summary>
public interface ISessionObserver
{
    /// <summary>A client has connected.</summary>
    public void Connected(PciDevice device);

    /// <summary>The client is gone, or was cut off; <paramref name="reason"/> says why.</summary>
    public void Disconnected(PciDevice device, string reason);

    /// <summary>The client, or the guest behind it, asked for something that is refused.</summary>
    public void Refused(PciDevice device, string what);

    /// <summary>No client can be let in for now; <paramref name="reason"/> says why. It is tried again now and then.</summary>
    public void Starved(PciDevice device, string reason)
    {
    }

    /// <summary>Clients can be let in again.</summary>
    public void Fed(PciDevice device)
    {
    }
}
