using Ptnetmap.Client;

namespace Ptnetmap.PciGuest;

/// <summary>The ports of a virtual machine, by number or PCI address.</summary>
/// <param name="bus">Its devices; they go with this object.</param>
/// <param name="options">How ports are opened; what a program requests comes on top.</param>
public sealed class PciPorts(GuestBus bus, PciChannelOptions options) : IPortSource
{
    /// <inheritdoc/>
    public OpenPort Open(string name, PortRequest? request = null)
    {
        request ??= new PortRequest();
        PciChannel channel = bus.Open(name, options with { Offloads = request.Offloads });
        try
        {
            var facts = new PortFacts(
                channel.Port.Address, channel.Port.Mac, channel.Interrupts.ToString().ToLowerInvariant(),
                channel.UsesCsbBar ? "bar" : "memory");
            return new OpenPort(NetmapPort.Open(channel, request.Idle), facts, channel);
        }
        catch
        {
            channel.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => bus.Dispose();
}
