using Ptnetmap.HostPorts.Xdp;
using Ptnetmap.Linux;
using Ptnetmap.Linux.Xdp;

namespace Ptnetmap.HostPorts.Nic;

/// <summary>What is told of a NIC port beyond its rings: the kernel's counters by name, and the modes that were not
/// got.</summary>
internal static class NicCounters
{
    /// <summary>zero-copy, copy or generic.</summary>
    internal static string NameOf(NicMode mode) => mode switch
    {
        NicMode.ZeroCopy => "zero-copy",
        NicMode.Copy => "copy",
        _ => "generic",
    };

    /// <summary>Why the mode is not a better one; null when there is nothing to say.</summary>
    internal static string? NoteOf(NicDevice? device)
    {
        IEnumerable<string> notes = device is null
            ? []
            : device.Refusals.Select(refusal => $"not {NameOf(refusal.Mode)}: {refusal.Reason}")
                .Concat(((string?[])[device.SteeringNote, device.Interface.TagsNote, LongSegmentsNote(device)])
                    .OfType<string>());
        string text = string.Join("; ", notes);
        return text.Length == 0 ? null : text;
    }

    /// <summary>Sums over the port's queues. What the kernel dropped is told by reason; the program's are of the whole
    /// interface, all ports of it.</summary>
    internal static IReadOnlyDictionary<string, long> Read(NicPort port, NicDevice? device)
    {
        var counters = new Dictionary<string, long>(StringComparer.Ordinal)
        {
            ["copied_bytes"] = port.CopiedBytes,
            ["wake_ups"] = port.WakeUps,
            ["checksums_completed"] = port.CompletedChecksums,
            ["checksums_wrong"] = port.WrongChecksums,
        };
        try
        {
            if (device is not null)
            {
                Add(counters, device);
            }
        }
        catch (LinuxException)
        {
            // The interface went while we looked: its counters are gone with it.
        }

        return counters;
    }

    private static void Add(Dictionary<string, long> counters, NicDevice device)
    {
        XdpStatistics[] queues = [.. device.Queues.Select(queue => queue.ReadStatistics())];
        counters["rx_dropped"] = Sum(queues, queue => queue.ReceiveDropped);
        counters["rx_ring_full"] = Sum(queues, queue => queue.ReceiveRingFull);
        counters["rx_fill_ring_empty"] = Sum(queues, queue => queue.FillRingEmpty);
        counters["rx_invalid_buffers"] = Sum(queues, queue => queue.ReceiveInvalid);
        counters["tx_invalid_frames"] = Sum(queues, queue => queue.TransmitInvalid);
        XdpProgramCounters program = device.Program.ReadCounters();
        counters["xdp_redirected"] = (long)program.Redirected;
        counters["xdp_filtered"] = (long)program.Filtered;
        counters["xdp_without_socket"] = (long)program.WithoutSocket;
    }

    // Where XDP runs in the driver, the kernel has the other end cut segments itself.
    private static string? LongSegmentsNote(NicDevice device) =>
        device is { Mode: NicMode.Generic, CompletesChecksums: true }
            ? "TCP segments that a kernel at the other end leaves to be cut are lost in this mode (rx_dropped): " +
                "ethtool -K OTHER-END tso off gso off"
            : null;

    private static long Sum(XdpStatistics[] queues, Func<XdpStatistics, ulong> counter) =>
        queues.Sum(queue => (long)counter(queue));
}
