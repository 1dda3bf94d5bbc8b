using Ptnetmap.HostPorts;
using Ptnetmap.HostPorts.Nic;


namespace Ptnetmap.Lab.Beds;

/// <summary>Where the kernel drops frames between two NIC ports that are connected to each other.</summary>
public static class WireLosses
{
    /// <summary>What was lost on the way from one port to the other. Each frame is in one of the counts.</summary>
    public static IEnumerable<Loss> Between(NicLink sender, NicLink receiver)
    {
        HostPortState sent = sender.Describe();
        HostPortState received = receiver.Describe();
        yield return new Loss(sender.Port.Name, "tx_invalid_frames", Of(sent.Counters, "tx_invalid_frames"));
        yield return new Loss(sender.Port.Name, LossText.KernelTxDropped, sent.Kernel?.TxDropped ?? 0);
        foreach (string counter in (string[])["rx_ring_full", "rx_dropped", "xdp_filtered", "xdp_without_socket"])
        {
            yield return new Loss(receiver.Port.Name, counter, Of(received.Counters, counter));
        }

        yield return new Loss(receiver.Port.Name, LossText.KernelRxDropped,
            DriversOwn(receiver.Device?.Mode, received));
    }

    // A driver that runs the program counts what the socket did not take as dropped by itself, too. Where the kernel's
    // stack runs it, the interface counts what came in faster than the stack took it; the sender's driver (veth) counts
    // that as well.
    private static long DriversOwn(NicMode? mode, HostPortState received) => mode == NicMode.Generic
        ? 0
        : Math.Max(
            0, (received.Kernel?.RxDropped ?? 0) - Of(received.Counters, "rx_ring_full")
                - Of(received.Counters, "rx_dropped"));

    private static long Of(IReadOnlyDictionary<string, long> counters, string name) => counters.GetValueOrDefault(name);
}
