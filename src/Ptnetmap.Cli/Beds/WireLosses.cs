using Ptnetmap.Nic.Devices;

namespace Ptnetmap.Cli.Beds;

/// <summary>Where the kernel drops frames between two NIC ports that are connected to each other.</summary>
internal static class WireLosses
{
    /// <summary>What was lost on the way from one port to the other. Each frame is in one of the counts.</summary>
    internal static IEnumerable<Loss> Between(NicLink sender, NicLink receiver)
    {
        IReadOnlyDictionary<string, long> sent = sender.Describe().Counters;
        IReadOnlyDictionary<string, long> received = receiver.Describe().Counters;
        foreach (string counter in (string[])["tx_invalid_frames", "interface_tx_dropped"])
        {
            yield return new Loss(sender.Port.Name, counter, Of(sent, counter));
        }

        foreach (string counter in (string[])["rx_ring_full", "rx_dropped", "xdp_filtered", "xdp_without_socket"])
        {
            yield return new Loss(receiver.Port.Name, counter, Of(received, counter));
        }

        yield return new Loss(receiver.Port.Name, "interface_rx_dropped", DriversOwn(receiver.Device?.Mode, received));
    }

    // A driver that runs the program counts what the socket did not take as dropped by itself, too. Where the kernel's stack
    // runs it, the interface counts what came in faster than the stack took it; the sender's driver (veth) counts that as well.
    private static long DriversOwn(NicMode? mode, IReadOnlyDictionary<string, long> received) => mode == NicMode.Generic
        ? 0
        : Math.Max(0, Of(received, "interface_rx_dropped") - Of(received, "rx_ring_full") - Of(received, "rx_dropped"));

    private static long Of(IReadOnlyDictionary<string, long> counters, string name) => counters.GetValueOrDefault(name);
}
