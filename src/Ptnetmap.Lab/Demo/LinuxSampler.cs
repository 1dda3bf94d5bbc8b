using Ptnetmap.Daemon.Running;
using Ptnetmap.Lab.LinuxGuests;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Lab.Demo;

/// <summary>Reads the host's counters while Linux guests exchange packets: what left the sender's ring, what came into the
/// receiver's. The guests are not asked.</summary>
public sealed class LinuxSampler(Inventory inventory, Kring sent, Kring received, IReadOnlyList<GuestMachine> machines)
{
    private readonly Worker[] _workers = [.. inventory.Workers.Workers];
    private readonly Kring[] _rings = [.. inventory.Ports.SelectMany(port => port.Port.TxRings.Concat(port.Port.RxRings))];

    /// <summary>Frames that are in the receiver's ring or have been.</summary>
    public long Received => received.Counters.Packets;

    /// <summary>The clock and all counters.</summary>
    public void Read(Sample sample)
    {
        Sampler.ReadHost(sample, _workers, _rings);
        foreach (GuestMachine machine in machines)
        {
            sample.ProcessCpu += machine.CpuNanoseconds;
        }

        sample.Received.Packets = received.Counters.Packets;
        sample.Received.Bytes = received.Counters.Bytes;
        sample.Sent.Packets = sent.Counters.Packets;
    }
}
