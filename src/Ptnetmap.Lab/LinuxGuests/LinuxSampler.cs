using Ptnetmap.Daemon.Running;
using Ptnetmap.Lab.Measuring;
using Ptnetmap.Linux;
using Ptnetmap.Passthrough;
using Ptnetmap.Ports.Rings;

namespace Ptnetmap.Lab.LinuxGuests;

/// <summary>Reads the host's counters while Linux guests exchange packets: what left the sender's ring, what came into the
/// receiver's. The guests are not asked.</summary>
public sealed class LinuxSampler(Inventory inventory, Kring sent, Kring received, IReadOnlyList<GuestMachine> machines)
{
    /// <summary>Frames that are in the receiver's ring or have been.</summary>
    public long Received => received.Counters.Packets;

    /// <summary>The clock and all counters.</summary>
    public void Read(Sample sample)
    {
        sample.Nanoseconds = LinuxThread.MonotonicNanoseconds;
        sample.Switches = LinuxThread.ProcessVoluntarySwitches;
        sample.ProcessCpu = LinuxThread.ProcessCpuNanoseconds;
        foreach (GuestMachine machine in machines)
        {
            sample.ProcessCpu += machine.CpuNanoseconds;
        }

        (sample.WorkerCpu, sample.WorkerWakeUps) = (0, 0);
        foreach (Worker worker in inventory.Workers.Workers)
        {
            sample.WorkerCpu += worker.CpuNanoseconds;
            sample.WorkerWakeUps += worker.WakeUps;
        }

        sample.Received.Packets = received.Counters.Packets;
        sample.Received.Bytes = received.Counters.Bytes;
        sample.Sent.Packets = sent.Counters.Packets;
        sample.Rings = default;
        foreach (ServedPort port in inventory.Ports)
        {
            foreach (Kring ring in port.Port.TxRings.Concat(port.Port.RxRings))
            {
                sample.Rings.Add(ring);
            }
        }
    }
}
